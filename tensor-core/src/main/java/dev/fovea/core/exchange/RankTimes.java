package dev.fovea.core.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** When the ranks' parts of a step arrive, summed over an epoch. Not thread safe. */
final class RankTimes {
  private final long[] firstCompute; // compute time at the first part of the step, -1 before it
  private final long[] compute;
  private final long[] arrived;
  private final long[] computeOfEpoch;
  private final long[] lagOfEpoch;

  RankTimes(int ranks) {
    firstCompute = new long[ranks];
    compute = new long[ranks];
    arrived = new long[ranks];
    computeOfEpoch = new long[ranks];
    lagOfEpoch = new long[ranks];
    beginStep();
  }

  /** Forgets the running step. */
  final void beginStep() {
    Arrays.fill(firstCompute, -1);
    Arrays.fill(compute, 0);
    Arrays.fill(arrived, 0);
  }

  /** A part is in; those of a rank come in the order of the buckets. */
  void part(int rank, long computeNanos, long now) {
    if (firstCompute[rank] < 0) {
      firstCompute[rank] = computeNanos;
    }
    compute[rank] = Math.max(compute[rank], computeNanos);
    arrived[rank] = now;
  }

  /** Time the slowest rank has spent computing the step. */
  long compute() {
    return compute[slowest()];
  }

  /** Of the slowest rank's time, that after it had sent its first part. */
  long overlapped() {
    return compute() - Math.max(0, firstCompute[slowest()]);
  }

  /** All parts of the step are in: adds them to the epoch. */
  void endStep() {
    long first = Arrays.stream(arrived).min().orElse(0);
    for (int rank = 0; rank < arrived.length; rank++) {
      computeOfEpoch[rank] += compute[rank];
      lagOfEpoch[rank] += arrived[rank] - first;
    }
    beginStep();
  }

  /** The ranks' sums since the last call. */
  List<RankReport> endEpoch(List<String> executors, List<Long> rows) {
    List<RankReport> reports =
        IntStream.range(0, compute.length)
            .mapToObj(
                rank ->
                    new RankReport(
                        rank,
                        executors.get(rank),
                        rows.get(rank),
                        computeOfEpoch[rank],
                        lagOfEpoch[rank]))
            .toList();
    Arrays.fill(computeOfEpoch, 0);
    Arrays.fill(lagOfEpoch, 0);
    return reports;
  }

  private int slowest() {
    int slowest = 0;
    for (int rank = 1; rank < compute.length; rank++) {
      slowest = compute[rank] > compute[slowest] ? rank : slowest;
    }
    return slowest;
  }
}
