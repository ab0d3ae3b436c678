package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;
import java.util.List;

/** Keeps the sums and the clock of the running step and epoch. Not thread safe. */
final class EpochLedger {
  private StepSums training = StepSums.ZERO;
  private StepNanos nanos = StepNanos.ZERO;
  private long rows;
  private double learningRate;
  private long stepBegan = System.nanoTime();

  /** Restarts the clock of the step. */
  void begin() {
    stepBegan = System.nanoTime();
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
    training = training.plus(sums);
    nanos = nanos.plus(split);
    rows += rowsOfStep;
    learningRate = rate;
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
            rows,
            training,
            validationRows,
            validation,
            learningRate,
            nanos,
            validationRows > 0 ? now - stepBegan : 0,
            ranks);
    training = StepSums.ZERO;
    nanos = StepNanos.ZERO;
    rows = 0;
    stepBegan = now;
    return report;
  }
}
