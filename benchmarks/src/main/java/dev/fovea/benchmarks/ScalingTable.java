package dev.fovea.benchmarks;

import dev.fovea.benchmarks.spark.ScalingRates;
import dev.fovea.benchmarks.spark.ScalingRates.Setting;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** What more executors give. */
final class ScalingTable {
  private final MarkdownTable table;

  ScalingTable(Consumer<String> out) {
    table =
        new MarkdownTable(
            1,
            List.of(
                "network",
                "cores an executor",
                "executors",
                "rows a step",
                "rows/s",
                "/ one executor",
                "of rows a step",
                "bare cores, rows/s",
                "/ one core",
                "exchange waited for, ms a step",
                "exchange hidden",
                "driver's CPU, ms a step",
                "executors' CPU, ms a step"),
            out);
  }

  void add(String network, double share, ScalingRates rates, Collection<Setting> settings) {
    for (Setting setting : settings) {
      table.row(
          List.of(
              network,
              Figures.ratio(share),
              Integer.toString(setting.executors()),
              Integer.toString(setting.batchSize()),
              Figures.rate(rates.rowsPerSecond().rate(setting).orElseThrow()),
              Figures.ratio(rates.rowsPerSecond().ratio(setting, setting.lone())),
              Integer.toString(setting.loneBatchSize()),
              Figures.rate(rates.bareCores().rate(setting).orElseThrow()),
              Figures.ratio(rates.bareCores().ratio(setting, setting.lone())),
              Figures.rate(rates.exposed().rate(setting).orElseThrow()),
              Figures.percent(rates.hiddenShare().rate(setting).orElseThrow()),
              Figures.rate(rates.driverCpu().rate(setting).orElseThrow()),
              Figures.rate(rates.executorCpu().rate(setting).orElseThrow())));
    }
  }
}
