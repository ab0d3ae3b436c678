package dev.fovea.core.exchange;

/**
 * Who takes part in a training: gathers the hellos of a group's ranks, tells them to begin when all
 * are there, and to leave when the group cannot go on. Thread safe, by the lock of the state.
 */
final class DriverGroups {
  private final DriverState state;
  private final DriverSteps steps;

  DriverGroups(DriverState state, DriverSteps steps) {
    this.state = state;
    this.steps = steps;
  }

  /** As {@link DriverEndpoint#beginGroup(ShardMap, RelayMap)}. */
  int beginGroup(ShardMap shards, RelayMap relays) {
    if (state.plan.inPlace() && shards.ranks() > 1) {
      throw new IllegalArgumentException(
          "Group: expected one rank in place. Received: %d.".formatted(shards.ranks()));
    }
    synchronized (state.lock) {
      GroupRun last = state.group;
      GroupRun next =
          new GroupRun(state.plan, last.number() + 1, shards, relays, state.buckets.weightCount());
      state.group = next;
      state.dismiss(last);
      state.awaitCompleting();
      next.averager.begin(state.position.step());
      return next.number();
    }
  }

  /** As {@link DriverEndpoint#requestRegroup}. */
  void requestRegroup() {
    synchronized (state.lock) {
      state.group.regroupRequested = state.group.begun && !state.isStopped();
    }
  }

  /** The ranks of the group that are there now. */
  int presentRanks() {
    synchronized (state.lock) {
      return state.group.rendezvous.presentRanks();
    }
  }

  /** True while the ranks of the group are not all there. */
  boolean isMissingRanks() {
    synchronized (state.lock) {
      Rendezvous rendezvous = state.group.rendezvous;
      return rendezvous.presentRanks() < rendezvous.shards().ranks();
    }
  }

  /** True while no group runs: before the first, and once one has left for another to begin. */
  boolean isBetweenGroups() {
    synchronized (state.lock) {
      return state.group.disbanded && !state.isStopped();
    }
  }

  /** True once the group has ended because a rank of its tree is gone; until another begins. */
  boolean isBroken() {
    synchronized (state.lock) {
      return state.group.broken && !state.isStopped();
    }
  }

  /** As {@link Endpoint#hello}. */
  void hello(Hello hello, Answer<Config> answer) {
    boolean completes;
    GroupRun at;
    synchronized (state.lock) {
      at = state.group;
      if (state.isOver(hello.group())) {
        answer.give(state.config(Directive.STOP));
        return;
      }
      try {
        completes = at.rendezvous.add(hello, answer);
      } catch (IllegalArgumentException e) {
        answer.refuse(e);
        return;
      }
      if (at.begun) {
        answerHellos();
      }
    }
    if (completes) {
      state.guard(() -> begin(at));
    }
  }

  /** As {@link Endpoint#lost}. */
  void lost(Hello hello) {
    boolean completes;
    GroupRun at;
    synchronized (state.lock) {
      at = state.group;
      if (state.isOver(hello.group())) {
        return;
      }
      if (at.breaksWithout(hello)) {
        at.broken = true;
        state.dismiss(at);
        return;
      }
      completes = at.rendezvous.lost(hello);
      if (at.begun) {
        answerHellos();
      }
    }
    if (completes) {
      state.guard(() -> begin(at));
    }
  }

  /** All ranks of the group are there. */
  private void begin(GroupRun run) {
    TrainingRows rows = state.rows;
    boolean isFirst;
    Group reported;
    synchronized (state.lock) {
      if (run.disbanded) {
        return;
      }
      isFirst = rows.add(run.rendezvous);
      reported =
          new Group(
              run.number(),
              run.rendezvous.executors(),
              run.rowsOfRanks(),
              run.relays,
              state.position);
    }
    if (isFirst) {
      state.listener.onStart(rows.training(), rows.validation());
      if (rows.areMoved()) {
        state.listener.onMovedRows();
      }
    }
    if (rows.training() == 0) {
      throw new IllegalArgumentException(
          "Training: expected at least one training row. Received: none.");
    }
    state.listener.onGroup(reported);
    synchronized (state.lock) {
      if (!run.disbanded) {
        state.stepsPerEpoch = StepShares.stepsPerEpoch(rows.training(), state.plan.batchSize());
        run.begun = true;
        state.ledger.begin();
        steps.beginOnce();
        answerHellos();
      }
    }
  }

  private void answerHellos() {
    Config config = state.config(state.position.directive());
    state.group.rendezvous.takeWaiting().forEach(answer -> answer.give(config));
  }
}
