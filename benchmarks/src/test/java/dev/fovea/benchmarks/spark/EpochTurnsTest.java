package dev.fovea.benchmarks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.benchmarks.core.Workload;
import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.tensor.StepSums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochTurnsTest {
  private static final long SECOND = 1_000_000_000;

  private final List<String> rates = new ArrayList<>();
  private long now = 5 * SECOND;
  private final EpochTurns turns =
      new EpochTurns(
          new ClockedCore(),
          3,
          () -> now,
          rate -> rates.add("core " + rate),
          rate -> rates.add("epoch " + rate));

  @Test
  void theCoreHasATurnBeforeEachEpochThatCountsAndAfterTheLast() {
    endEpochAfter(4);
    endEpochAfter(2);
    endEpochAfter(1);
    assertThat(rates)
        .containsExactly("core 7.0", "epoch 500.0", "core 7.0", "epoch 1000.0", "core 7.0");
  }

  @Test
  void theFirstEpochOnlyWarmsUp() {
    endEpochAfter(2);
    assertThat(rates).containsExactly("core 7.0");
  }

  private void endEpochAfter(long seconds) {
    now += seconds * SECOND;
    turns.onEpoch(
        new EpochReport(
            0, 1, 1000, StepSums.ZERO, 0, StepSums.ZERO, 0.1, StepNanos.ZERO, 0, List.of()));
  }

  /** Lets the time pass that it is told to work, at 7 rows a second. */
  private final class ClockedCore implements Workload {
    @Override
    public double rowsPerSecond(double seconds) {
      now += (long) (seconds * SECOND);
      return 7;
    }

    @Override
    public void close() {}
  }
}
