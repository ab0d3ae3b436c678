package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;
import java.util.List;

/**
 * One epoch that is done, over all ranks.
 *
 * @param epoch number of the epoch, from 0
 * @param steps steps done since the training began
 * @param rows training rows of the epoch
 * @param training sums over its rows, each with the weights of its step
 * @param validationRows rows that were evaluated at the end; 0 where there are none
 * @param validation sums over these, with the weights at the end of the epoch
 * @param learningRate rate of the last step
 * @param nanos where the time of the steps went
 * @param evaluationNanos time from the last step to the last rank's evaluation
 * @param ranks of the group that ended the epoch, in rank order
 */
public record EpochReport(
    long epoch,
    long steps,
    long rows,
    StepSums training,
    long validationRows,
    StepSums validation,
    double learningRate,
    StepNanos nanos,
    long evaluationNanos,
    List<RankReport> ranks) {
  public EpochReport {
    ranks = List.copyOf(ranks);
  }

  /** Training rows a second, evaluation left out. */
  public double rowsPerSecond() {
    return nanos.perSecond(rows);
  }
}
