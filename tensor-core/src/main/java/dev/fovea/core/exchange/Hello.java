package dev.fovea.core.exchange;

/**
 * Sent once by each attempt of a rank, when its rows are read; answered by a {@link Config} when
 * all ranks have said it, or at once in a training that has begun. Under 1 KB.
 *
 * @param fit name of the training, drawn at random
 * @param rank 0 to ranks - 1
 * @param attempt counts the attempts of this rank, from 0
 * @param executor where the rank runs, for the log
 * @param rows training rows that this rank owns; equal in every attempt
 * @param validationRows rows it owns that are only evaluated
 * @param cpu instruction set its native library uses, for the log
 * @param libraryVersion version of its native library, which must be the driver's
 */
public record Hello(
    String fit,
    int rank,
    int attempt,
    String executor,
    long rows,
    long validationRows,
    String cpu,
    String libraryVersion) {}
