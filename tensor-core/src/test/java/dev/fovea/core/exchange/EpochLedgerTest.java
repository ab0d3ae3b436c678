package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.tensor.StepSums;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLedgerTest {
  @Test
  void thePartsOfAStepAddUpToItsTime() {
    assertThat(StepNanos.split(100, 60, 15, 20)).isEqualTo(new StepNanos(60, 25, 15, 20));
    assertThat(StepNanos.split(100, 95, 15, 90)).isEqualTo(new StepNanos(85, 0, 15, 85));
    assertThat(StepNanos.split(100, 0, 150, 0)).isEqualTo(new StepNanos(0, 0, 100, 0));
    assertThat(StepNanos.split(100, 60, 15, 1).plus(new StepNanos(1, 2, 3, 4)).total())
        .isEqualTo(106);
  }

  @Test
  void rowsPerSecondCountTheWholeTime() {
    assertThat(new StepNanos(400_000_000, 50_000_000, 50_000_000, 0).perSecond(128)).isEqualTo(256);
  }

  @Test
  void anEpochSumsItsStepsAndTheNextStartsOver() {
    EpochLedger ledger = new EpochLedger();
    RankTimes times = new RankTimes(RelayMap.none(1));
    Position position = Position.first();
    StepSums sums = new StepSums(10, 5, 8);
    StepReport one = ledger.step(position, 2, 10, sums, 0.1, times, 0);
    StepReport two = ledger.step(position, 2, 6, sums, 0.05, times, 0);

    EpochReport first =
        ledger.epoch(new Position(3, 0, 2, Directive.STEP), 0, StepSums.ZERO, List.of());
    ledger.step(position, 2, 10, sums, 0.05, times, 0);
    EpochReport second =
        ledger.epoch(new Position(4, 1, 1, Directive.STEP), 4, StepSums.ZERO, List.of());

    assertThat(first.rows()).isEqualTo(16);
    assertThat(first.steps()).isEqualTo(2);
    assertThat(first.training()).isEqualTo(new StepSums(20, 10, 16));
    assertThat(first.learningRate()).isEqualTo(0.05);
    assertThat(first.nanos()).isEqualTo(one.nanos().plus(two.nanos()));
    assertThat(first.evaluationNanos()).isZero();
    assertThat(second.rows()).isEqualTo(10);
    assertThat(second.evaluationNanos()).isPositive();
  }

  @Test
  void aRestoredEpochGoesOnWhereItWas() {
    RankTimes times = new RankTimes(RelayMap.none(1));
    EpochLedger before = new EpochLedger();
    assertThat(before.running()).isEqualTo(RunningEpoch.NONE);
    Position first = Position.first();
    StepReport one = before.step(first, 2, 10, new StepSums(10, 5, 8), 0.1, times, 0);
    assertThat(before.running())
        .isEqualTo(new RunningEpoch(10, new StepSums(10, 5, 8), 0.1, one.nanos()));

    EpochLedger after = new EpochLedger();
    after.restore(before.running());
    Position second = first.afterStep(Directive.STEP);
    StepReport two = after.step(second, 2, 6, new StepSums(6, 1, 6), 0.05, times, 0);
    EpochReport epoch = after.epoch(second.afterStep(Directive.STEP), 0, StepSums.ZERO, List.of());

    assertThat(epoch)
        .isEqualTo(
            new EpochReport(
                0,
                2,
                16,
                new StepSums(16, 6, 14),
                0,
                StepSums.ZERO,
                0.05,
                one.nanos().plus(two.nanos()),
                0,
                List.of()));
    assertThat(after.running()).isEqualTo(RunningEpoch.NONE);
  }
}
