package dev.fovea.core.exchange;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.util.List;
import java.util.Optional;

/**
 * What a training does, step by step: takes the ranks' parts, runs the optimizer on each bucket
 * that is complete, answers with the new weights, and says where the training stands then. Owns the
 * weights and the optimizer's state. Thread safe: adding and optimizing happen without the lock of
 * the state, by the thread that brings the last part.
 */
final class DriverSteps {
  private final DriverState state;
  private final Object lock; // the state's
  private final BucketStates buckets; // the state's
  private final Weights weights;
  private final OptimizerState optimizer;
  private final DivergenceCheck divergence;
  private long optimizerNanos; // of the running step
  private boolean gathering; // true from the first step on

  DriverSteps(DriverState state, Weights weights, OptimizerState optimizer) {
    this.state = state;
    this.lock = state.lock;
    this.buckets = state.buckets;
    this.weights = weights;
    this.optimizer = optimizer;
    this.divergence = new DivergenceCheck(state.plan.description());
  }

  /** As {@link DriverEndpoint#resume}. */
  void resume(TrainingState from) {
    synchronized (lock) {
      weights.copyFrom(from.weights());
      optimizer.restore(from.optimizer());
      state.ledger.restore(from.running());
      state.position = from.position();
      state.rows.resume(from.rowsOfShards());
      state.finished = from.isFinished();
    }
  }

  /** Begins the step at the position, if none has begun before. Guarded by the lock. */
  void beginOnce() {
    if (!gathering) {
      gathering = true;
      gather();
    }
  }

  /** As {@link Endpoint#weights}. */
  void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    int bucket = request.bucket();
    synchronized (lock) {
      if (state.isOver(request.group())) {
        answer.give(state.nothing(bucket));
        return;
      }
      Optional<RuntimeException> refusal = state.group.messages.of(request);
      if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      }
      answer.give(new WeightsPart(state.position, bucket, buckets.beginning(bucket)));
    }
  }

  /** As {@link Endpoint#gradient}. */
  void gradient(GradientPart part, Answer<WeightsPart> answer) {
    int bucket = part.bucket();
    Position at;
    GroupRun from;
    synchronized (lock) {
      at = state.position;
      from = state.group;
      if (state.isOver(part.group())) {
        answer.give(state.nothing(bucket));
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
      state.beginCompleting();
    }
    state.guard(
        () -> {
          if (from.averager.add(part)) {
            complete(from.averager, state.plan.description().buckets().get(bucket), at);
          }
        });
    state.endCompleting();
  }

  /** As {@link Endpoint#evaluation}. */
  void evaluation(Evaluation evaluation, Answer<Position> answer) {
    Position at;
    StepSums sums;
    synchronized (lock) {
      at = state.position;
      GroupRun group = state.group;
      if (state.isOver(evaluation.group())) {
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
      state.beginCompleting();
    }
    state.guard(() -> moveTo(finishEpoch(at, sums)));
    state.endCompleting();
  }

  /** Nothing of the step at the position is in yet. */
  private void gather() {
    state.group.averager.begin(state.position.step());
    state.group.times.beginStep();
    buckets.beginStep();
    optimizerNanos = 0;
    if (state.position.directive() == Directive.STEP) {
      optimizer.beginStep();
    }
  }

  private void complete(GradientAverager averager, Bucket bucket, Position at) {
    StepSums sums = averager.sums();
    double rate = state.plan.learningRate(at, state.stepsPerEpoch);
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
    TrainingRows rows = state.rows;
    int steps = state.stepsPerEpoch;
    long rowsOfStep =
        StepShares.rowsOfStep(rows.training(), state.plan.batchSize(), at.stepOfEpoch());
    StepReport report;
    synchronized (lock) {
      RankTimes times = state.group.times;
      report = state.ledger.step(at, steps, rowsOfStep, sums, rate, times, optimizerNanos);
      times.endStep();
    }
    state.listener.onStep(report);
    Position next = at.afterStep(Directive.STEP);
    if (next.stepOfEpoch() == steps) {
      next =
          rows.validation() > 0 ? next.with(Directive.EVALUATE) : finishEpoch(next, StepSums.ZERO);
    }
    moveTo(next);
  }

  private Position finishEpoch(Position at, StepSums validation) {
    EpochReport report;
    synchronized (lock) {
      report = state.ledger.epoch(at, state.rows.validation(), validation, state.group.endEpoch());
    }
    divergence.requireFinite(weights, validation, at.step() - 1, report.learningRate());
    state.listener.onEpoch(report);
    return at.epoch() + 1 < state.plan.maxEpochs()
        ? at.nextEpoch(Directive.STEP)
        : at.with(Directive.STOP);
  }

  /** Tells all waiting ranks that the training stands at {@code next}. */
  private void moveTo(Position next) {
    if (next.directive() != Directive.EVALUATE) {
      state.listener.onState(
          new TrainingState(
              next, state.rows.ofShards(), state.ledger.running(), weights, optimizer.memory()));
    }
    synchronized (lock) {
      if (state.isStopped()) {
        return;
      }
      state.position = next;
      state.finished = state.isStopped();
      gather();
      if (state.group.regroupRequested && next.stepOfEpoch() == 0) {
        state.dismiss(state.group);
        return;
      }
      for (Bucket bucket : state.plan.description().buckets()) {
        int index = bucket.index();
        answer(buckets.takeWaiting(index), index, positionWith(index));
      }
      state.group.evaluations.takeWaiting().forEach(answer -> answer.give(next));
    }
  }

  /** One message for all, so that a transport can write it down once. */
  private void answer(List<Answer<WeightsPart>> answers, int bucket, Position then) {
    if (!answers.isEmpty()) {
      WeightsPart part = new WeightsPart(then, bucket, buckets.newest(bucket));
      answers.forEach(answer -> answer.give(part));
    }
  }

  private boolean isLast(int bucket) {
    return bucket == state.plan.description().buckets().size() - 1;
  }

  /** The answer to the last bucket says how to go on, the others to wait for it. */
  private Position positionWith(int bucket) {
    return isLast(bucket) ? state.position : state.position.with(Directive.AWAIT);
  }
}
