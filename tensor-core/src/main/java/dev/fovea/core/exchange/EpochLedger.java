package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;
import java.util.List;

/** Keeps the sums and the clock of the running step and epoch. Not thread safe. */
final class EpochLedger {
  private RunningEpoch running = RunningEpoch.NONE;
  private long stepBegan = System.nanoTime();

  /** Restarts the clock of the step. */
  void begin() {
    stepBegan = System.nanoTime();
  }

  /** The steps of this epoch that are done. */
  RunningEpoch running() {
    return running;
  }

  /** Goes on with an epoch of which these steps are done. */
  void restore(RunningEpoch epoch) {
    running = epoch;
  }

  StepReport step(
      Position position,
      int stepsPerEpoch,
      long rowsOfStep,
      StepSums sums,
      double rate,
      RankTimes times,
      long optimizerNanos) {
    long now = System.nanoTime();
    StepNanos split =
        StepNanos.split(now - stepBegan, times.compute(), optimizerNanos, times.overlapped());
    stepBegan = now;
    running = running.plus(rowsOfStep, sums, rate, split);
    return new StepReport(
        position.step(),
        position.epoch(),
        position.stepOfEpoch(),
        stepsPerEpoch,
        rowsOfStep,
        sums,
        rate,
        split);
  }

  /** Closes the epoch of {@code position}, whose {@code step} is the next one. */
  EpochReport epoch(
      Position position, long validationRows, StepSums validation, List<RankReport> ranks) {
    long now = System.nanoTime();
    EpochReport report =
        new EpochReport(
            position.epoch(),
            position.step() - 1,
            running.rows(),
            running.sums(),
            validationRows,
            validation,
            running.learningRate(),
            running.nanos(),
            validationRows > 0 ? now - stepBegan : 0,
            ranks);
    running = RunningEpoch.NONE;
    stepBegan = now;
    return report;
  }
}
