package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.schedule.LearningRateSchedule;

/**
 * What the driver decides about a training.
 *
 * @param fit name of the training, drawn at random
 * @param networkText what they train
 * @param description the network as native planned it with {@code bucketBytes}
 * @param bucketBytes least size of a gradient bucket
 * @param seed start of every random draw
 * @param batchSize rows of one step over all ranks
 * @param maxEpochs epochs to train
 * @param stepSize learning rate before the schedule
 * @param schedule factor of the learning rate over the epochs
 * @param libraryVersion version of the native library that every rank must have
 * @param inPlace the only rank is in this JVM and reads {@link DriverEndpoint#weightsInPlace}, so
 *     that no weights are sent or kept; with one bucket, and so no weights change before the step
 *     is computed
 */
public record ExchangePlan(
    String fit,
    String networkText,
    NetworkDescription description,
    long bucketBytes,
    long seed,
    int batchSize,
    int maxEpochs,
    double stepSize,
    LearningRateSchedule schedule,
    String libraryVersion,
    boolean inPlace) {
  private static final int MOST_ROWS_A_UNIT = 32; // where nothing joins them

  public ExchangePlan {
    if (inPlace && description.buckets().size() != 1) {
      throw new IllegalArgumentException(
          "ExchangePlan: expected one gradient bucket in place. Received: %d."
              .formatted(description.buckets().size()));
    }
  }

  /**
   * Rows that a step takes together from one shard: the groups of batch norm where the network has
   * any, which are the chunks then; otherwise so few that every rank has its part of each step.
   */
  int shareUnit() {
    boolean hasStatistics = description.parameters().stream().anyMatch(ParameterInfo::statistic);
    int perShard = Integer.highestOneBit(Math.max(1, batchSize / ShardMap.SHARDS));
    return hasStatistics ? description.chunkRows() : Math.min(MOST_ROWS_A_UNIT, perShard);
  }

  /** The rate of the step at {@code position}; epochs count in fractions. */
  double learningRate(Position position, int stepsPerEpoch) {
    return stepSize
        * schedule.factor(position.epoch() + (double) position.stepOfEpoch() / stepsPerEpoch);
  }
}
