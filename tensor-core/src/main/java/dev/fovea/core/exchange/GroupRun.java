package dev.fovea.core.exchange;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What belongs to one group of ranks: who is there, what they have sent, when. Guarded by the
 * endpoint's lock, but for the averager, which has its own.
 */
final class GroupRun {
  final RelayMap relays;
  final Rendezvous rendezvous;
  final MessageCheck messages;
  final GradientAverager averager;
  final EvaluationRound evaluations;
  final RankTimes times;

  /** True once the ranks are told to step. */
  boolean begun;

  /** True where the ranks are to be told to leave at the end of the epoch. */
  boolean regroupRequested;

  /** True once the ranks are told to leave, though the training goes on: nothing more counts. */
  boolean disbanded;

  /** True where that was for a rank of a tree that is gone. */
  boolean broken;

  /**
   * @param relays of as many ranks as the shards have
   */
  GroupRun(ExchangePlan plan, int number, ShardMap shards, RelayMap relays, long weightCount) {
    this(
        plan,
        number,
        shards,
        relays,
        new GradientAverager(relays.leaders(), plan.description().buckets(), weightCount));
  }

  private GroupRun(
      ExchangePlan plan, int number, ShardMap shards, RelayMap relays, GradientAverager averager) {
    this.relays = relays;
    this.rendezvous = new Rendezvous(plan, number, shards);
    this.messages =
        new MessageCheck(plan.description().buckets(), shards.ranks(), relays.leaders());
    this.averager = averager;
    this.evaluations = new EvaluationRound(relays.leaders());
    this.times = new RankTimes(relays);
  }

  /** The group before the first: whatever comes is too late for it. */
  static GroupRun none(ExchangePlan plan) {
    GroupRun none =
        new GroupRun(
            plan, -1, ShardMap.even(1), RelayMap.none(1), new GradientAverager(1, List.of(), 0));
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

  /** True where the group cannot go on when this attempt is gone: its relay would lack a rank. */
  boolean breaksWithout(Hello hello) {
    return relays.isTree() && rendezvous.isComplete() && rendezvous.isPresent(hello);
  }

  /** Where each rank sends its gradients, as {@link Config#relays} says. */
  List<String> relayAddresses() {
    List<String> opened = rendezvous.relays();
    return relays.isTree()
        ? IntStream.range(0, relays.ranks())
            .mapToObj(rank -> opened.get(relays.leader(relays.relayOf(rank))))
            .toList()
        : Collections.nCopies(relays.ranks(), "");
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
