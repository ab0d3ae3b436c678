package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.RankReport;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.tensor.StepSums;
import java.util.List;
import org.junit.jupiter.api.Test;

class StragglersTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void aRankThatTheOthersWaitedForIsNamed() {
    EpochReport report =
        report(
            new RankReport(0, "3", 30_000, 6 * SECOND, 0),
            new RankReport(1, "7", 31_000, 9 * SECOND, 5 * SECOND / 2));

    assertThat(Stragglers.of(report))
        .containsExactly(
            "rank 1 on executor 7 (31,000 rows) came 2.50 s after the first, 25 % of the epoch");
  }

  @Test
  void ranksThatComeTogetherAreNotWorthASentence() {
    assertThat(
            Stragglers.of(
                report(
                    new RankReport(0, "3", 30_000, 6 * SECOND, SECOND / 10),
                    new RankReport(1, "7", 30_000, 6 * SECOND, 9 * SECOND / 10))))
        .isEmpty();
    assertThat(Stragglers.of(report())).isEmpty();
  }

  /** An epoch of ten seconds. */
  private static EpochReport report(RankReport... ranks) {
    return new EpochReport(
        0,
        10,
        61_000,
        StepSums.ZERO,
        0,
        StepSums.ZERO,
        0.1,
        new StepNanos(7 * SECOND, 2 * SECOND, SECOND, 0),
        0,
        List.of(ranks));
  }
}
