package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;

/**
 * Sent by each rank at the end of an epoch when there are validation rows; answered by the next
 * {@link Position} when all ranks' are in. About 50 bytes.
 *
 * @param group number of the rank's group
 * @param epoch number of the epoch, from 0
 * @param rank who sends it
 * @param sums over all validation rows of the rank; {@link StepSums#ZERO} where it has none
 */
public record Evaluation(int group, long epoch, int rank, StepSums sums) {}
