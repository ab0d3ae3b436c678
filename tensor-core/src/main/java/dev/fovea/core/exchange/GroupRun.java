package dev.fovea.core.exchange;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What belongs to one group of ranks: who is there, what they have sent, when. Guarded by the
 * endpoint's lock, but for the averager, which has its own.
 */
final class GroupRun {
  final Rendezvous rendezvous;
  final MessageCheck messages;
  final GradientAverager averager;
  final EvaluationRound evaluations;
  final RankTimes times;

  /** True once the ranks are told to step. */
  boolean begun;

  /** True once the ranks are told to leave, though the training goes on: nothing more counts. */
  boolean disbanded;

  GroupRun(ExchangePlan plan, int number, ShardMap shards, long weightCount) {
    this(
        plan,
        number,
        shards,
        new GradientAverager(shards.ranks(), plan.description().buckets(), weightCount));
  }

  private GroupRun(ExchangePlan plan, int number, ShardMap shards, GradientAverager averager) {
    int ranks = shards.ranks();
    this.rendezvous = new Rendezvous(plan, number, shards);
    this.messages = new MessageCheck(plan, ranks);
    this.averager = averager;
    this.evaluations = new EvaluationRound(ranks);
    this.times = new RankTimes(ranks);
  }

  /** The group before the first: whatever comes is too late for it. */
  static GroupRun none(ExchangePlan plan) {
    GroupRun none = new GroupRun(plan, -1, ShardMap.even(1), new GradientAverager(1, List.of(), 0));
    none.disbanded = true;
    return none;
  }

  int number() {
    return rendezvous.group();
  }

  /** True where a message of group {@code number} comes too late. */
  boolean isOver(int number) {
    return disbanded || number != number();
  }

  /** Training rows of each rank; known once the group is complete. */
  List<Long> rowsOfRanks() {
    List<Long> rows = rendezvous.rowsOfShards();
    ShardMap shards = rendezvous.shards();
    return IntStream.range(0, shards.ranks())
        .mapToObj(rank -> rows.subList(shards.first(rank), shards.end(rank)))
        .map(own -> own.stream().mapToLong(Long::longValue).sum())
        .toList();
  }

  /** The ranks' times since the last call; none while the group is not complete. */
  List<RankReport> endEpoch() {
    return rendezvous.isComplete()
        ? times.endEpoch(rendezvous.executors(), rowsOfRanks())
        : List.of();
  }
}
