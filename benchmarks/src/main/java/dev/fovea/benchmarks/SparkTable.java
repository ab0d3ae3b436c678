package dev.fovea.benchmarks;

import dev.fovea.benchmarks.spark.SparkRates;
import dev.fovea.benchmarks.spark.SparkRates.Side;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What is left of the bare core's speed inside Spark. */
final class SparkTable {
  private final MarkdownTable table;

  SparkTable(Consumer<String> out) {
    table =
        new MarkdownTable(
            1,
            List.of(
                "network",
                "rows",
                "core train",
                "`fit` steady",
                "/ core",
                "`fit` end to end",
                "/ core",
                "core infer",
                "`transform` rows",
                "`transform`",
                "/ core"),
            out);
  }

  void add(String network, SparkRates rates) {
    table.row(
        List.of(
            network,
            String.format(Locale.ROOT, "%,d", rates.rows()),
            Figures.rate(rates.rate(Side.TRAIN)),
            Figures.rate(rates.rate(Side.FIT)),
            Figures.ratio(rates.rates().ratio(Side.FIT, Side.TRAIN)),
            Figures.rate(rates.fitEndToEnd()),
            Figures.ratio(rates.fitEndToEnd() / rates.rate(Side.TRAIN)),
            Figures.rate(rates.rate(Side.PREDICT)),
            String.format(Locale.ROOT, "%,d", rates.transformRows()),
            Figures.rate(rates.rate(Side.TRANSFORM)),
            Figures.ratio(rates.rates().ratio(Side.TRANSFORM, Side.PREDICT))));
  }
}
