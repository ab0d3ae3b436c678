package dev.fovea.core.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * When the ranks' parts of a step arrive, summed over an epoch; in a tree those of the leaders,
 * which are as late as the last rank of their relay. Not thread safe.
 */
final class RankTimes {
  private final RelayMap relays; // the arrays have a place for each
  private final long[] firstCompute; // compute time at the first part of the step, -1 before it
  private final long[] compute;
  private final long[] arrived;
  private final long[] computeOfEpoch;
  private final long[] lagOfEpoch;

  RankTimes(RelayMap relays) {
    this.relays = relays;
    firstCompute = new long[relays.count()];
    compute = new long[relays.count()];
    arrived = new long[relays.count()];
    computeOfEpoch = new long[relays.count()];
    lagOfEpoch = new long[relays.count()];
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
    int place = relays.relayOf(rank);
    if (firstCompute[place] < 0) {
      firstCompute[place] = computeNanos;
    }
    compute[place] = Math.max(compute[place], computeNanos);
    arrived[place] = now;
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
    for (int place = 0; place < arrived.length; place++) {
      computeOfEpoch[place] += compute[place];
      lagOfEpoch[place] += arrived[place] - first;
    }
    beginStep();
  }

  /** The ranks' sums since the last call. */
  List<RankReport> endEpoch(List<String> executors, List<Long> rows) {
    List<RankReport> reports =
        IntStream.range(0, relays.ranks())
            .mapToObj(
                rank ->
                    new RankReport(
                        rank,
                        executors.get(rank),
                        rows.get(rank),
                        computeOfEpoch[relays.relayOf(rank)],
                        lagOfEpoch[relays.relayOf(rank)]))
            .toList();
    Arrays.fill(computeOfEpoch, 0);
    Arrays.fill(lagOfEpoch, 0);
    return reports;
  }

  private int slowest() {
    int slowest = 0;
    for (int place = 1; place < compute.length; place++) {
      slowest = compute[place] > compute[slowest] ? place : slowest;
    }
    return slowest;
  }
}
