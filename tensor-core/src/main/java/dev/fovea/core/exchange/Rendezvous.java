package dev.fovea.core.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Gathers the hellos of all ranks; then remembers what each rank brought. Not thread safe. */
final class Rendezvous {
  private final ExchangePlan plan;
  private final Hello[] hellos;
  private final List<Answer<Config>> waiting = new ArrayList<>();
  private boolean complete;

  Rendezvous(ExchangePlan plan) {
    this.plan = plan;
    this.hellos = new Hello[plan.ranks()];
    for (int rank = 0; rank < plan.ranks(); rank++) {
      waiting.add(null);
    }
  }

  /**
   * Takes a hello.
   *
   * @return true for the one that completes the group
   * @throws IllegalArgumentException if it cannot belong to this training
   */
  boolean add(Hello hello, Answer<Config> answer) {
    check(hello);
    int rank = hello.rank();
    Answer<Config> before = waiting.set(rank, answer);
    if (before != null) {
      before.refuse(
          new IllegalStateException("Rank " + rank + ": another attempt took its place."));
    }
    hellos[rank] = hello;
    boolean completes = !complete && Arrays.stream(hellos).allMatch(Objects::nonNull);
    complete |= completes;
    return completes;
  }

  /** Before the group is complete, a rank that leaves is missing again. */
  void leave(int rank) {
    if (!complete) {
      hellos[rank] = null;
      waiting.set(rank, null);
    }
  }

  boolean isComplete() {
    return complete;
  }

  /** The answers that hellos wait for; each is handed out once. */
  List<Answer<Config>> takeWaiting() {
    List<Answer<Config>> taken = waiting.stream().filter(Objects::nonNull).toList();
    waiting.replaceAll(answer -> null);
    return taken;
  }

  /** Training rows of each rank; empty before the group is complete. */
  List<Long> rowsOfRanks() {
    return complete ? Arrays.stream(hellos).map(Hello::rows).toList() : List.of();
  }

  long rows() {
    return Arrays.stream(hellos).mapToLong(Hello::rows).sum();
  }

  long validationRows() {
    return Arrays.stream(hellos).mapToLong(Hello::validationRows).sum();
  }

  private void check(Hello hello) {
    if (!hello.fit().equals(plan.fit())) {
      throw new IllegalArgumentException(
          "Hello: expected fit %s. Received: %s.".formatted(plan.fit(), hello.fit()));
    }
    if (hello.rank() < 0 || hello.rank() >= plan.ranks()) {
      throw new IllegalArgumentException(
          "Hello: expected a rank 0 to %d. Received: %d."
              .formatted(plan.ranks() - 1, hello.rank()));
    }
    if (!hello.libraryVersion().equals(plan.libraryVersion())) {
      throw new IllegalArgumentException(
          "Rank %d: expected version %s of the native library, as on the driver. Received: %s (executor %s). Give every executor the same jar."
              .formatted(
                  hello.rank(), plan.libraryVersion(), hello.libraryVersion(), hello.executor()));
    }
    Hello first = hellos[hello.rank()];
    if (complete
        && (first.rows() != hello.rows() || first.validationRows() != hello.validationRows())) {
      throw new IllegalArgumentException(
          "Rank %d: expected the %d training and %d validation rows of its first attempt. Received: %d and %d (attempt %d). Give fit a DataFrame that is the same each time it is computed, or persist it."
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
