package dev.fovea.spark.training;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.Group;
import dev.fovea.core.exchange.RankReport;
import dev.fovea.core.exchange.ShardMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Deals the shards to the ranks of a fit's groups. Where ranks have met on an executor, because
 * Spark could not be told to keep them apart, the next group has one on each.
 *
 * <p>Where it is wanted, shares follow the executors' speeds: after each epoch it compares how long
 * each has computed; where other shares would save a notable part of the epochs to come, it asks
 * for another group, which has them.
 *
 * <p>Thread safe: epochs end on threads of the exchange, groups begin on the driver's.
 */
final class Rebalancer {
  /** Less of an epoch than this comes and goes by itself. */
  private static final double NOTABLE = 0.1;

  /** More than what another group costs, where its rows are read in a second. */
  private static final double GROUP_NANOS = 2e9;

  /** Groups whose tasks came to other executors than they were meant for; then it gives up. */
  private static final int MISPLACED_GROUPS = 2;

  private final boolean wanted;
  private final long maxEpochs;
  private final Map<String, Double> speeds = new HashMap<>(); // by executor, of their mean
  private Placement placement = Placement.even(1);
  private boolean tree;
  private int alive; // executors when the group was placed
  private boolean meets; // ranks of this group are on one executor
  private boolean met; // those of any group have been
  private int misplaced;

  /**
   * @param wanted false: every rank always gets as many shards
   */
  Rebalancer(boolean wanted, long maxEpochs) {
    this.wanted = wanted;
    this.maxEpochs = maxEpochs;
  }

  /**
   * Who gets which shards in the next group, by executor where ranks have met on one before, or
   * where an epoch has shown how fast they are. Executors that came later are taken for as fast as
   * the mean.
   *
   * @param ranks of the group
   * @param executors that are alive
   * @param inTree true where the group has relays, whose ranks' own times nobody knows
   */
  synchronized Placement place(int ranks, List<String> executors, boolean inTree) {
    tree = inTree;
    alive = executors.size();
    meets = false;
    boolean bySpeed = !speeds.isEmpty() && !tree && ranks > 1;
    boolean byExecutor = (bySpeed || met) && ranks == executors.size();
    placement =
        !byExecutor
            ? Placement.even(ranks)
            : bySpeed ? bySpeed(executors) : new Placement(ShardMap.even(ranks), executors);
    return placement;
  }

  /** A group is complete. */
  synchronized void onGroup(Group group) {
    long executors = group.executors().stream().distinct().count();
    meets = executors < group.ranks() && alive <= group.ranks() && misplaced < MISPLACED_GROUPS;
    met |= meets;
  }

  /**
   * True where ranks have met on an executor and share its cores: a group of one rank on each would
   * compute the same with fewer gradients.
   */
  synchronized boolean meets() {
    return meets;
  }

  /** How many ranks to have on these executors, which have room for so many. */
  synchronized int ranks(int slots, List<String> executors) {
    return met ? Math.min(slots, Math.max(1, executors.size())) : slots;
  }

  private Placement bySpeed(List<String> executors) {
    double[] ofRanks =
        executors.stream().mapToDouble(each -> speeds.getOrDefault(each, 1.0)).toArray();
    return new Placement(ShardShares.bySpeed(ofRanks), executors);
  }

  /** Tasks came to other executors than the placement says. */
  synchronized void misplaced() {
    misplaced++;
    met &= misplaced < MISPLACED_GROUPS;
    speeds.clear();
  }

  /**
   * An epoch is done.
   *
   * @return what shall change, and why, where another group shall begin; else empty
   */
  synchronized Optional<String> onEpoch(EpochReport report) {
    List<RankReport> ranks = report.ranks();
    long left = maxEpochs - report.epoch() - 1;
    if (!isMeasured(ranks) || left <= 0) {
      return Optional.empty();
    }
    measure(ranks);
    List<String> executors = ranks.stream().map(RankReport::executor).toList();
    Placement next = bySpeed(executors);
    double saved = slowest(ranks) - slowest(ranks, next.shards());
    if (saved < NOTABLE * report.nanos().total() || saved * left < GROUP_NANOS) {
      return Optional.empty();
    }
    return Optional.of(describe(ranks, next.shards(), saved, slowest(ranks)));
  }

  private boolean isMeasured(List<RankReport> ranks) {
    long executors = ranks.stream().map(RankReport::executor).distinct().count();
    return wanted
        && !tree
        && misplaced < MISPLACED_GROUPS
        && ranks.size() == placement.ranks()
        && executors == ranks.size()
        && ranks.size() > 1
        && ranks.stream().allMatch(rank -> rank.rows() > 0 && rank.computeNanos() > 0);
  }

  private void measure(List<RankReport> ranks) {
    double mean = ranks.stream().mapToDouble(Rebalancer::speed).average().orElseThrow();
    speeds.clear();
    ranks.forEach(rank -> speeds.put(rank.executor(), speed(rank) / mean));
  }

  /** Rows in a nanosecond of computing. */
  private static double speed(RankReport rank) {
    return (double) rank.rows() / rank.computeNanos();
  }

  private static double slowest(List<RankReport> ranks) {
    return ranks.stream().mapToDouble(RankReport::computeNanos).max().orElseThrow();
  }

  /** With other shares, at the same speeds: shards are of about the same size. */
  private double slowest(List<RankReport> ranks, ShardMap next) {
    return ranks.stream()
        .mapToDouble(rank -> rank.computeNanos() * (double) count(next, rank) / had(rank))
        .max()
        .orElseThrow();
  }

  private int had(RankReport rank) {
    return count(placement.shards(), rank);
  }

  private static int count(ShardMap shards, RankReport rank) {
    return shards.end(rank.rank()) - shards.first(rank.rank());
  }

  private String describe(List<RankReport> ranks, ShardMap next, double saved, double slowest) {
    List<String> changes = new ArrayList<>();
    for (RankReport rank : ranks) {
      changes.add(
          String.format(
              Locale.ROOT,
              "executor %s %d shards instead of %d (%,.0f rows/s)",
              rank.executor(),
              count(next, rank),
              had(rank),
              speed(rank) * 1e9));
    }
    return String.format(
        Locale.ROOT,
        "shares by speed: %s; saves about %.2f of %.2f s of computing an epoch",
        String.join(", ", changes),
        saved / 1e9,
        slowest / 1e9);
  }
}
