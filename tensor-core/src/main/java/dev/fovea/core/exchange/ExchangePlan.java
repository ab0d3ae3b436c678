package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.schedule.LearningRateSchedule;

/**
 * What the driver decides about a training.
 *
 * @param fit name of the training, drawn at random
 * @param ranks how many replicas
 * @param networkText what they train
 * @param description the network as native planned it with {@code bucketBytes}
 * @param bucketBytes least size of a gradient bucket
 * @param seed start of every random draw
 * @param batchSize rows of one step over all ranks
 * @param maxEpochs epochs to train
 * @param stepSize learning rate before the schedule
 * @param schedule factor of the learning rate over the epochs
 * @param libraryVersion version of the native library that every rank must have
 */
public record ExchangePlan(
    String fit,
    int ranks,
    String networkText,
    NetworkDescription description,
    long bucketBytes,
    long seed,
    int batchSize,
    int maxEpochs,
    double stepSize,
    LearningRateSchedule schedule,
    String libraryVersion) {
  /** The rate of the step at {@code position}; epochs count in fractions. */
  double learningRate(Position position, int stepsPerEpoch) {
    return stepSize
        * schedule.factor(position.epoch() + (double) position.stepOfEpoch() / stepsPerEpoch);
  }
}
