package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;

/**
 * Sent by a rank for each bucket of a step, as soon as it is complete; answered by a {@link
 * WeightsPart} when all ranks' parts of that bucket are in and the optimizer has run on it. About
 * 50 bytes and the floats: 1 to 2 MB but for a layer that is larger by itself.
 *
 * @param group number of the rank's group
 * @param step number of the step
 * @param rank who sends it
 * @param bucket index of the bucket
 * @param sums weight, loss and correct sums of the rank's rows of this step, the same in each part
 * @param computeNanos time the rank has spent on this step so far, without waiting
 * @param floats gradient summed over the rank's rows, native order, from position to limit; empty
 *     where the rank has no row in this step. They stay as they are until the answer has come where
 *     a rank sends them, and during the call where the driver or a relay takes them
 */
public record GradientPart(
    int group,
    long step,
    int rank,
    int bucket,
    StepSums sums,
    long computeNanos,
    ByteBuffer floats) {}
