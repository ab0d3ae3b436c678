package dev.fovea.core.exchange;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The driver's side of a training, without a transport: messages come in on any thread, answers go
 * out when they are known. Owns the weights, the optimizer's state, the step and the epoch; ranks
 * only borrow them.
 *
 * <p>A step: every rank sends its part of every bucket; the part that completes a bucket runs the
 * optimizer on it, on its own thread, and answers all ranks with the new weights. The answers are
 * the barrier; nothing polls.
 *
 * <p>Contributions are keyed by (step, rank) and counted once. A rank that is lost leaves what it
 * has sent; its next attempt says hello, gets the weights that the running step began with, does
 * the step again and is answered as if nothing had happened.
 *
 * <p>The ranks are a group. Where they cannot all come, come back, or more of them could, {@link
 * #beginGroup} deals the shards to other ranks: what the old group has sent of the running step is
 * forgotten, buckets that are stepped stay so, and as a step has the same rows in every group, the
 * training goes on as if it had always had these ranks.
 *
 * <p>In a tree only leaders send gradients and evaluations, each for the ranks of its relay; all
 * else stays between every rank and the driver. A relay that has lost a rank cannot say what is in
 * its sums, so when any rank of a tree is gone the group ends, and another begins.
 *
 * <p>Thread safe. State is behind one lock; adding and optimizing happen outside it, so that
 * different buckets go on side by side.
 */
public final class DriverEndpoint implements Endpoint, AutoCloseable {
  private final ExchangePlan plan;
  private final Weights weights;
  private final OptimizerState optimizer;
  private final ExchangeListener listener;
  private final DivergenceCheck divergence;
  private final EpochLedger ledger = new EpochLedger();
  private final TrainingRows rows = new TrainingRows();

  private final Object lock = new Object();
  private final BucketStates buckets;
  private GroupRun group;
  private Position position = Position.first();
  private int stepsPerEpoch; // known once the first group is complete
  private long optimizerNanos;
  private int completing; // threads that complete a bucket or an evaluation
  private boolean gathering; // true from the first step on
  private boolean regroupRequested;
  private boolean finished;
  private Throwable failure;

  /**
   * Waits for {@link #beginGroup}.
   *
   * @param weights those to start from; the endpoint changes them
   * @param optimizer its state; the endpoint changes it
   */
  public DriverEndpoint(
      ExchangePlan plan, Weights weights, OptimizerState optimizer, ExchangeListener listener) {
    this.plan = plan;
    this.weights = weights;
    this.optimizer = optimizer;
    this.listener = listener;
    this.divergence = new DivergenceCheck(plan.description());
    this.buckets = new BucketStates(plan.description().buckets(), weights);
    this.group = GroupRun.none(plan);
  }

  /**
   * Goes on with a training that another endpoint has begun. Before the first group.
   *
   * @throws IllegalArgumentException if the state is of another network or optimizer
   */
  public void resume(TrainingState state) {
    synchronized (lock) {
      weights.copyFrom(state.weights());
      optimizer.restore(state.optimizer());
      ledger.restore(state.running());
      position = state.position();
      rows.resume(state.rows());
      finished = state.isFinished();
    }
  }

  /** {@link #beginGroup(ShardMap, RelayMap)} of ranks that each speak for themselves. */
  public int beginGroup(ShardMap shards) {
    return beginGroup(shards, RelayMap.none(shards.ranks()));
  }

  /**
   * Waits for the ranks of another group from now on; those of the last one are told to leave. The
   * step at the position begins again with them, but for its buckets that are stepped.
   *
   * @param relays of the same ranks
   * @return the number of the group, which its ranks' messages carry
   */
  public int beginGroup(ShardMap shards, RelayMap relays) {
    synchronized (lock) {
      GroupRun last = group;
      group = new GroupRun(plan, last.number() + 1, shards, relays, weights.count());
      regroupRequested = false;
      dismiss(last);
      awaitCompleting();
      group.averager.begin(position.step());
      return group.number();
    }
  }

  /** Asks the ranks to leave at the end of the epoch, so that another group can begin. */
  public void requestRegroup() {
    synchronized (lock) {
      regroupRequested = group.begun && !isStopped();
    }
  }

  /** The ranks of the group that are there now. */
  public int presentRanks() {
    synchronized (lock) {
      return group.rendezvous.presentRanks();
    }
  }

  /** True while the ranks of the group are not all there. */
  public boolean isMissingRanks() {
    synchronized (lock) {
      return group.rendezvous.presentRanks() < group.rendezvous.shards().ranks();
    }
  }

  @Override
  public void hello(Hello hello, Answer<Config> answer) {
    boolean completes;
    GroupRun at;
    synchronized (lock) {
      at = group;
      if (isStopped() || group.isOver(hello.group())) {
        answer.give(config(Directive.STOP));
        return;
      }
      try {
        completes = group.rendezvous.add(hello, answer);
      } catch (IllegalArgumentException e) {
        answer.refuse(e);
        return;
      }
      if (group.begun) {
        answerHellos();
      }
    }
    if (completes) {
      guard(() -> begin(at));
    }
  }

  @Override
  public void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    int bucket = request.bucket();
    synchronized (lock) {
      if (isStopped() || group.isOver(request.group())) {
        answer.give(nothing(bucket));
        return;
      }
      Optional<RuntimeException> refusal = group.messages.of(request);
      if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      }
      answer.give(new WeightsPart(position, bucket, buckets.beginning(bucket)));
    }
  }

  @Override
  public void gradient(GradientPart part, Answer<WeightsPart> answer) {
    int bucket = part.bucket();
    Position at;
    GroupRun from;
    synchronized (lock) {
      at = position;
      from = group;
      if (isStopped() || from.isOver(part.group())) {
        answer.give(nothing(bucket));
        return;
      }
      Optional<RuntimeException> refusal = from.messages.of(part, at);
      if (!from.begun) {
        answer.refuse(
            new IllegalStateException(
                "Gradient: expected a hello of every rank before it. Received: step %d."
                    .formatted(part.step())));
        return;
      } else if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      } else if (part.step() < at.step()) {
        answer.give(new WeightsPart(positionWith(bucket), bucket, buckets.beginning(bucket)));
        return;
      } else if (buckets.isStepped(bucket) && !isLast(bucket)) {
        answer.give(new WeightsPart(positionWith(bucket), bucket, buckets.newest(bucket)));
        return;
      }
      buckets.await(bucket, answer);
      from.times.part(part.rank(), part.computeNanos(), System.nanoTime());
      if (buckets.isStepped(bucket)) {
        return; // The last bucket: its answer says how to go on, and is not known yet.
      }
      completing++;
    }
    guard(
        () -> {
          if (from.averager.add(part)) {
            complete(from.averager, plan.description().buckets().get(bucket), at);
          }
        });
    endCompleting();
  }

  @Override
  public void evaluation(Evaluation evaluation, Answer<Position> answer) {
    Position at;
    StepSums sums;
    synchronized (lock) {
      at = position;
      if (isStopped() || group.isOver(evaluation.group())) {
        answer.give(at.with(Directive.STOP));
        return;
      }
      Optional<RuntimeException> refusal = group.messages.of(evaluation, at);
      if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      } else if (evaluation.epoch() < at.epoch()) {
        answer.give(at);
        return;
      } else if (!group.evaluations.add(evaluation, answer)) {
        return;
      }
      sums = group.evaluations.sums();
      completing++;
    }
    guard(() -> moveTo(finishEpoch(at, sums)));
    endCompleting();
  }

  @Override
  public void lost(Hello hello) {
    boolean completes;
    GroupRun at;
    synchronized (lock) {
      at = group;
      if (isStopped() || group.isOver(hello.group())) {
        return;
      }
      if (group.breaksWithout(hello)) {
        group.broken = true;
        dismiss(group);
        return;
      }
      completes = group.rendezvous.lost(hello);
      if (group.begun) {
        answerHellos();
      }
    }
    if (completes) {
      guard(() -> begin(at));
    }
  }

  /** Ends the training with a failure: every rank is told to stop. The first failure is kept. */
  public void fail(Throwable cause) {
    synchronized (lock) {
      if (!isStopped()) {
        failure = cause;
        stop();
      }
    }
  }

  /** Ends a training that is still running, without a failure. Safe to call again. */
  @Override
  public void close() {
    synchronized (lock) {
      if (!isStopped()) {
        stop();
      }
    }
  }

  /** What ended the training early; empty while it runs, when it is finished or was closed. */
  public Optional<Throwable> failure() {
    synchronized (lock) {
      return Optional.ofNullable(failure);
    }
  }

  /** True once the last epoch is done. */
  public boolean isFinished() {
    synchronized (lock) {
      return finished;
    }
  }

  /** True while no group runs: before the first, and once one has left for another to begin. */
  public boolean isBetweenGroups() {
    synchronized (lock) {
      return group.disbanded && !isStopped();
    }
  }

  /** True once the group has ended because a rank of its tree is gone; until another begins. */
  public boolean isBroken() {
    synchronized (lock) {
      return group.broken && !isStopped();
    }
  }

  /** Where the training stands. */
  public Position position() {
    synchronized (lock) {
      return position;
    }
  }

  /** All ranks of the group are there. */
  private void begin(GroupRun run) {
    boolean isFirst;
    Group reported;
    synchronized (lock) {
      if (run.disbanded) {
        return;
      }
      isFirst = rows.add(run.rendezvous);
      reported =
          new Group(
              group.number(),
              group.rendezvous.executors(),
              group.rowsOfRanks(),
              group.relays,
              position);
    }
    if (isFirst) {
      listener.onStart(rows.training(), rows.validation());
    }
    if (rows.training() == 0) {
      throw new IllegalArgumentException(
          "Training: expected at least one training row. Received: none.");
    }
    listener.onGroup(reported);
    synchronized (lock) {
      if (!run.disbanded) {
        stepsPerEpoch = StepShares.stepsPerEpoch(rows.training(), plan.batchSize());
        group.begun = true;
        ledger.begin();
        if (!gathering) {
          gathering = true;
          gather();
        }
        answerHellos();
      }
    }
  }

  /** Nothing of the step at the position is in yet. */
  private void gather() {
    group.averager.begin(position.step());
    group.times.beginStep();
    buckets.beginStep();
    optimizerNanos = 0;
    if (position.directive() == Directive.STEP) {
      optimizer.beginStep();
    }
  }

  private void complete(GradientAverager averager, Bucket bucket, Position at) {
    StepSums sums = averager.sums();
    double rate = plan.learningRate(at, stepsPerEpoch);
    divergence.requireFinite(sums, at.step(), rate);
    divergence.requireFinite(averager.gradient(), bucket, at.step(), rate);
    long began = System.nanoTime();
    buckets.keep(bucket.index());
    synchronized (lock) {
      buckets.markKept(bucket.index());
    }
    optimizer.update(
        weights, averager.gradient(), rate, averager.scale(), bucket.offset(), bucket.count());
    boolean completesStep;
    List<Answer<WeightsPart>> answers = List.of();
    synchronized (lock) {
      optimizerNanos += System.nanoTime() - began;
      completesStep = buckets.markStepped(bucket.index());
      if (!completesStep && !isLast(bucket.index())) {
        answers = buckets.takeWaiting(bucket.index());
      }
    }
    answer(answers, bucket.index(), at.with(Directive.AWAIT));
    if (completesStep) {
      finishStep(at, sums, rate);
    }
  }

  private void finishStep(Position at, StepSums sums, double rate) {
    long rowsOfStep = StepShares.rowsOfStep(rows.training(), plan.batchSize(), at.stepOfEpoch());
    StepReport report;
    synchronized (lock) {
      report = ledger.step(at, stepsPerEpoch, rowsOfStep, sums, rate, group.times, optimizerNanos);
      group.times.endStep();
    }
    listener.onStep(report);
    Position next = at.afterStep(Directive.STEP);
    if (next.stepOfEpoch() == stepsPerEpoch) {
      next =
          rows.validation() > 0 ? next.with(Directive.EVALUATE) : finishEpoch(next, StepSums.ZERO);
    }
    moveTo(next);
  }

  private Position finishEpoch(Position at, StepSums validation) {
    EpochReport report;
    synchronized (lock) {
      report = ledger.epoch(at, rows.validation(), validation, group.endEpoch());
    }
    divergence.requireFinite(weights, validation, at.step() - 1, report.learningRate());
    listener.onEpoch(report);
    return at.epoch() + 1 < plan.maxEpochs()
        ? at.nextEpoch(Directive.STEP)
        : at.with(Directive.STOP);
  }

  /** Tells all waiting ranks that the training stands at {@code next}. */
  private void moveTo(Position next) {
    if (next.directive() != Directive.EVALUATE) {
      listener.onState(
          new TrainingState(next, rows.training(), ledger.running(), weights, optimizer.memory()));
    }
    synchronized (lock) {
      if (isStopped()) {
        return;
      }
      position = next;
      finished = isStopped();
      gather();
      if (regroupRequested && next.stepOfEpoch() == 0) {
        dismiss(group);
        return;
      }
      for (Bucket bucket : plan.description().buckets()) {
        int index = bucket.index();
        answer(buckets.takeWaiting(index), index, positionWith(index));
      }
      group.evaluations.takeWaiting().forEach(answer -> answer.give(position));
    }
  }

  private void stop() {
    position = position.with(Directive.STOP);
    dismiss(group);
  }

  /** Tells the ranks of the group to leave; whatever they send from now on is too late. */
  private void dismiss(GroupRun of) {
    of.disbanded = true;
    Config over = config(Directive.STOP);
    of.rendezvous.takeAll().forEach(answer -> answer.give(over));
    for (Bucket bucket : plan.description().buckets()) {
      WeightsPart nothing = nothing(bucket.index());
      buckets.takeWaiting(bucket.index()).forEach(answer -> answer.give(nothing));
    }
    of.evaluations.takeWaiting().forEach(answer -> answer.give(over.position()));
  }

  private void answerHellos() {
    Config config = config(position.directive());
    group.rendezvous.takeWaiting().forEach(answer -> answer.give(config));
  }

  /** One message for all, so that a transport can write it down once. */
  private void answer(List<Answer<WeightsPart>> answers, int bucket, Position then) {
    if (!answers.isEmpty()) {
      WeightsPart part = new WeightsPart(then, bucket, buckets.newest(bucket));
      answers.forEach(answer -> answer.give(part));
    }
  }

  /** The answer to a rank that is to leave. */
  private WeightsPart nothing(int bucket) {
    return new WeightsPart(position.with(Directive.STOP), bucket, ByteBuffer.allocate(0));
  }

  private Config config(Directive directive) {
    boolean stops = directive == Directive.STOP;
    return new Config(
        plan.networkText(),
        plan.seed(),
        plan.batchSize(),
        plan.shareUnit(),
        plan.bucketBytes(),
        plan.description().buckets(),
        stops ? List.of() : rows.ofShards(),
        group.rendezvous.shards(),
        stops ? List.of() : group.rendezvous.executors(),
        stops ? List.of() : group.relayAddresses(),
        position.with(directive));
  }

  /** Until no thread is about to change weights or position for the last group. */
  private void awaitCompleting() {
    boolean interrupted = false;
    while (completing > 0) {
      try {
        lock.wait();
      } catch (InterruptedException e) {
        interrupted = true; // Buckets are completed in milliseconds.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void endCompleting() {
    synchronized (lock) {
      completing--;
      lock.notifyAll();
    }
  }

  private boolean isLast(int bucket) {
    return bucket == plan.description().buckets().size() - 1;
  }

  /** The answer to the last bucket says how to go on, the others to wait for it. */
  private Position positionWith(int bucket) {
    return isLast(bucket) ? position : position.with(Directive.AWAIT);
  }

  private boolean isStopped() {
    return position.directive() == Directive.STOP;
  }

  /** What fails on the way to an answer fails the training: the ranks are waiting for it. */
  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }
}
