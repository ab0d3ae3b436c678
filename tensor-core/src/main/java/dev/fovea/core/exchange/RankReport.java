package dev.fovea.core.exchange;

/**
 * One rank in one epoch, or in what its group did of it. In a tree the driver hears of leaders
 * only: the times of a rank are those of the slowest in its relay.
 *
 * @param rank 0 to ranks - 1
 * @param executor where it runs
 * @param rows its training rows
 * @param computeNanos reading rows, forward and backward
 * @param lagNanos how long after the first rank's its parts were complete, over all steps
 */
public record RankReport(int rank, String executor, long rows, long computeNanos, long lagNanos) {}
