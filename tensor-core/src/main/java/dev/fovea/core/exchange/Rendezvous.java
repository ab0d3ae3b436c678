package dev.fovea.core.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Gathers the hellos of a group's ranks; then remembers what each rank brought. A second attempt of
 * a rank that is there waits as a stand-by, and takes its place when it is lost. Not thread safe.
 */
final class Rendezvous {
  private final ExchangePlan plan;
  private final int group;
  private final ShardMap shards;
  private final Hello[] brought; // the first hello of each rank, for good
  private final Hello[] present; // null where a rank has not come or is lost
  private final List<Deque<Waiting>> standBys = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean complete;

  private record Waiting(Hello hello, Answer<Config> answer) {}

  Rendezvous(ExchangePlan plan, int group, ShardMap shards) {
    this.plan = plan;
    this.group = group;
    this.shards = shards;
    this.brought = new Hello[shards.ranks()];
    this.present = new Hello[shards.ranks()];
    IntStream.range(0, shards.ranks()).forEach(rank -> standBys.add(new ArrayDeque<>()));
  }

  int group() {
    return group;
  }

  ShardMap shards() {
    return shards;
  }

  /**
   * Takes a hello.
   *
   * @return true for the one that completes the group
   * @throws IllegalArgumentException if it cannot belong to this training
   */
  boolean add(Hello hello, Answer<Config> answer) {
    check(hello);
    Waiting attempt = new Waiting(hello, answer);
    if (present[hello.rank()] == null) {
      return enter(attempt);
    }
    standBys.get(hello.rank()).add(attempt);
    return false;
  }

  private boolean enter(Waiting attempt) {
    int rank = attempt.hello().rank();
    if (!complete) {
      brought[rank] = attempt.hello();
    }
    present[rank] = attempt.hello();
    waiting.add(attempt);
    boolean completes = !complete && Arrays.stream(present).allMatch(Objects::nonNull);
    complete |= completes;
    return completes;
  }

  /**
   * The attempt is gone.
   *
   * @return true if a stand-by that took its place completes the group
   */
  boolean lost(Hello hello) {
    int rank = hello.rank();
    if (rank < 0 || rank >= present.length) {
      return false;
    }
    standBys.get(rank).removeIf(standBy -> standBy.hello().equals(hello));
    waiting.removeIf(attempt -> attempt.hello().equals(hello));
    if (!hello.equals(present[rank])) {
      return false;
    }
    present[rank] = null;
    Waiting next = standBys.get(rank).poll();
    return next != null && enter(next);
  }

  /** True once all ranks have been there at the same time. */
  boolean isComplete() {
    return complete;
  }

  /** True for the attempt that stands for its rank now. */
  boolean isPresent(Hello hello) {
    return Arrays.asList(present).contains(hello);
  }

  /** Ranks that are there now. */
  int presentRanks() {
    return (int) Arrays.stream(present).filter(Objects::nonNull).count();
  }

  /** The answers that hellos wait for; each is handed out once. */
  List<Answer<Config>> takeWaiting() {
    List<Answer<Config>> taken = waiting.stream().map(Waiting::answer).toList();
    waiting.clear();
    return taken;
  }

  /** The answers that hellos and stand-bys wait for: the group is over. */
  List<Answer<Config>> takeAll() {
    List<Answer<Config>> taken = new ArrayList<>(takeWaiting());
    for (Deque<Waiting> ofRank : standBys) {
      ofRank.forEach(standBy -> taken.add(standBy.answer()));
      ofRank.clear();
    }
    return taken;
  }

  /** Training rows of each shard; empty before the group is complete. */
  List<Long> rowsOfShards() {
    return complete
        ? Arrays.stream(brought).flatMap(hello -> hello.rowsOfShards().stream()).toList()
        : List.of();
  }

  /** Where each rank runs now, or ran; empty before the group is complete. */
  List<String> executors() {
    return newest(Hello::executor);
  }

  /** The relay that each rank has opened, or an empty text; empty before the group is complete. */
  List<String> relays() {
    return newest(Hello::relay);
  }

  private List<String> newest(Function<Hello, String> of) {
    return complete
        ? IntStream.range(0, brought.length)
            .mapToObj(rank -> present[rank] == null ? brought[rank] : present[rank])
            .map(of)
            .toList()
        : List.of();
  }

  long validationRows() {
    return Arrays.stream(brought).mapToLong(Hello::validationRows).sum();
  }

  private void check(Hello hello) {
    if (!hello.fit().equals(plan.fit())) {
      throw new IllegalArgumentException(
          "Hello: expected fit %s. Received: %s.".formatted(plan.fit(), hello.fit()));
    }
    int rank = hello.rank();
    if (rank < 0 || rank >= brought.length) {
      throw new IllegalArgumentException(
          "Hello: expected a rank 0 to %d. Received: %d.".formatted(brought.length - 1, rank));
    }
    int owned = shards.end(rank) - shards.first(rank);
    if (hello.rowsOfShards().size() != owned
        || Collections.min(hello.rowsOfShards()) < 0
        || hello.validationRows() < 0) {
      throw new IllegalArgumentException(
          "Rank %d: expected row counts >= 0 of %d shards. Received: %s, %d validation rows."
              .formatted(rank, owned, hello.rowsOfShards(), hello.validationRows()));
    }
    if (!hello.libraryVersion().equals(plan.libraryVersion())) {
      throw new IllegalArgumentException(
          "Rank %d: expected version %s of the native library, as on the driver. Received: %s (executor %s). Give every executor the same jar."
              .formatted(rank, plan.libraryVersion(), hello.libraryVersion(), hello.executor()));
    }
    if (complete) {
      checkSameRows(brought[rank], hello);
    }
  }

  private static void checkSameRows(Hello first, Hello hello) {
    if (!first.rowsOfShards().equals(hello.rowsOfShards())
        || first.validationRows() != hello.validationRows()) {
      throw new IllegalArgumentException(
          "Rank %d: expected the %d training and %d validation rows of its first attempt. Received: %d and %d (attempt %d), or others. Give fit a DataFrame that is the same each time it is computed, or persist it."
              .formatted(
                  hello.rank(),
                  first.rows(),
                  first.validationRows(),
                  hello.rows(),
                  hello.validationRows(),
                  hello.attempt()));
    }
  }
}
