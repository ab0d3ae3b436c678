/**
 * The messages of the exchange as bytes. A rank's messages are in {@code Requests}, the driver's in
 * {@code Answers}; {@code MessageKind} says which one some bytes are.
 *
 * <p>Numbers are little-endian, a {@code text} is its length in bytes as an i32 and then UTF-8, a
 * {@code list} is its length as an i32 and then its elements. There are no gaps but those named
 * here, and no bytes after the last field.
 *
 * <pre>
 * every message    u8 version = 1, u8 kind, u8 variant (0 where none is named), u8 0
 *
 * Hello            i32 group, i32 rank, i64 attempt, text fit, text executor, text cpu,
 *                  text libraryVersion, text relay, i64 validationRows, list of i64 rowsOfShards
 * WeightsRequest   i32 group, i32 rank, i32 bucket
 * GradientPart     i32 group, i32 rank, i32 bucket, i64 step, sums, i64 computeNanos,
 *                  i32 floats, i32 0, and from byte 64 on so many floats; the variant is the
 *                  code of their GradientCompression
 * Evaluation       i32 group, i32 rank, i64 epoch, sums
 *
 * Config           position, text networkText, i64 seed, i32 batchSize, i32 shareUnit,
 *                  i64 bucketBytes, list of buckets (i32 index, i64 offset, i64 count),
 *                  list of i64 rowsOfShards, list of i32 bounds of shards, list of text executors,
 *                  list of text relays
 * WeightsPart      i32 bucket, position, i32 floats, zeros up to byte 64, and so many f32
 * Position         position
 * Refusal          text message; the variant is 1 for an IllegalArgumentException, 2 for an
 *                  IllegalStateException, 3 for any other
 *
 * sums             f64 weight, f64 loss, f64 correct
 * position         i64 step, i64 epoch, i32 stepOfEpoch, i32 directive (AWAIT 0, STEP 1,
 *                  EVALUATE 2, STOP 3)
 * </pre>
 *
 * <p>Floats are as native has them: it runs on little-endian machines only. They start at byte 64,
 * so that in a message that is aligned to 64 bytes native reads them where they are.
 *
 * <p>Reading believes nothing: each length is compared with the bytes that are left before anything
 * is allocated for it, and whatever is not a whole message is an {@code IllegalArgumentException}.
 */
package dev.fovea.core.exchange.wire;
