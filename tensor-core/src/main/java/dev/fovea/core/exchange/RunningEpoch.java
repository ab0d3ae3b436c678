package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;

/**
 * The epoch that is being trained, as far as it is: what its {@link EpochReport} will be made of.
 *
 * @param rows training rows of the steps that are done
 * @param sums over these rows, each with the weights of its step
 * @param learningRate rate of the last step; 0 before the first
 * @param nanos where the time of the steps went
 */
public record RunningEpoch(long rows, StepSums sums, double learningRate, StepNanos nanos) {
  /** No step is done. */
  public static final RunningEpoch NONE = new RunningEpoch(0, StepSums.ZERO, 0, StepNanos.ZERO);

  /** With one more step. */
  RunningEpoch plus(long rowsOfStep, StepSums sumsOfStep, double rate, StepNanos nanosOfStep) {
    return new RunningEpoch(
        rows + rowsOfStep, sums.plus(sumsOfStep), rate, nanos.plus(nanosOfStep));
  }
}
