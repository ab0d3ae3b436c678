package dev.fovea.spark.training;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.RankReport;
import java.util.List;
import java.util.Locale;

/** Names the ranks that the others had to wait for in an epoch. */
final class Stragglers {
  /** Less of the epoch than this, or less time, is no reason to look for a slow machine. */
  private static final double NOTABLE = 0.1;

  private static final double NOTABLE_NANOS = 1e9;

  private Stragglers() {}

  /** One sentence for each rank that kept the fastest waiting for a notable part of the epoch. */
  static List<String> of(EpochReport report) {
    double total = report.nanos().total();
    return report.ranks().stream()
        .filter(rank -> rank.lagNanos() > Math.max(NOTABLE * total, NOTABLE_NANOS))
        .map(rank -> sentence(rank, total))
        .toList();
  }

  private static String sentence(RankReport rank, double total) {
    return String.format(
        Locale.ROOT,
        "rank %d on executor %s (%,d rows) came %.2f s after the first, %.0f %% of the epoch",
        rank.rank(),
        rank.executor(),
        rank.rows(),
        rank.lagNanos() / 1e9,
        100 * rank.lagNanos() / total);
  }
}
