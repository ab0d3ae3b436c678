package dev.fovea.benchmarks;

import dev.fovea.benchmarks.spark.ScalingRates;
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
                "rows a step",
                "cores an executor",
                "executors",
                "rows/s",
                "/ one executor",
                "bare cores, rows/s",
                "/ one core",
                "exchange waited for, ms a step",
                "exchange hidden",
                "driver's CPU, ms a step",
                "executors' CPU, ms a step"),
            out);
  }

  void add(
      String network, int batchSize, double share, ScalingRates rates, List<Integer> replicas) {
    for (int count : replicas) {
      table.row(
          List.of(
              network,
              Integer.toString(batchSize),
              Figures.ratio(share),
              Integer.toString(count),
              Figures.rate(rates.rowsPerSecond().rate(count).orElseThrow()),
              Figures.ratio(rates.rowsPerSecond().ratio(count, 1)),
              Figures.rate(rates.bareCores().rate(count).orElseThrow()),
              Figures.ratio(rates.bareCores().ratio(count, 1)),
              Figures.rate(rates.exposed().rate(count).orElseThrow()),
              Figures.percent(rates.hiddenShare().rate(count).orElseThrow()),
              Figures.rate(rates.driverCpu().rate(count).orElseThrow()),
              Figures.rate(rates.executorCpu().rate(count).orElseThrow())));
    }
  }
}
