package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;

/**
 * One step that is done, over all ranks.
 *
 * @param step number of the step, from 1
 * @param epoch number of its epoch, from 0
 * @param stepOfEpoch number within the epoch, from 0
 * @param stepsPerEpoch steps in an epoch
 * @param rows training rows of the step
 * @param sums over these rows, with the weights the step began with
 * @param learningRate rate the optimizer used
 * @param nanos where the time went
 */
public record StepReport(
    long step,
    long epoch,
    int stepOfEpoch,
    int stepsPerEpoch,
    long rows,
    StepSums sums,
    double learningRate,
    StepNanos nanos) {
  /** Mean loss over the rows of the step; NaN where no row weighs anything. */
  public double loss() {
    return sums.meanLoss();
  }

  /** Share of the rows predicted right, 0 to 1; NaN where no row weighs anything. */
  public double accuracy() {
    return sums.accuracy();
  }

  public double rowsPerSecond() {
    return nanos.perSecond(rows);
  }
}
