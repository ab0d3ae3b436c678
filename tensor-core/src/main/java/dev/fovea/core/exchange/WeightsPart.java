package dev.fovea.core.exchange;

import java.nio.ByteBuffer;

/**
 * Sent by the driver as the answer to {@link GradientPart} and {@link WeightsRequest}. About 40
 * bytes and the floats.
 *
 * @param position where the training stands with these weights; {@link Directive#AWAIT} while other
 *     buckets of the step are to come
 * @param bucket index of the bucket
 * @param floats the bucket's weights, native order, from position to limit; empty with {@link
 *     Directive#STOP} where the training has failed, and where the rank trains in place. They stay
 *     as they are until the rank's next gradient of this bucket
 */
public record WeightsPart(Position position, int bucket, ByteBuffer floats) {}
