package dev.fovea.core.exchange;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
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
 * <p>Thread safe. State is behind one lock; adding and optimizing happen outside it, so that
 * different buckets go on side by side.
 */
public final class DriverEndpoint implements AutoCloseable {
  private final ExchangePlan plan;
  private final Weights weights;
  private final OptimizerState optimizer;
  private final ExchangeListener listener;
  private final GradientAverager averager;
  private final MessageCheck messages;
  private final DivergenceCheck divergence;
  private final EpochLedger ledger = new EpochLedger();

  private final Object lock = new Object();
  private final Rendezvous rendezvous;
  private final BucketStates buckets;
  private final EvaluationRound evaluations;
  private Position position = Position.first();
  private long rows;
  private long validationRows;
  private int stepsPerEpoch; // 0 until all ranks are there
  private long computeNanos;
  private long optimizerNanos;
  private boolean finished;
  private Throwable failure;

  /**
   * Waits for the ranks from now on.
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
    this.averager =
        new GradientAverager(plan.ranks(), plan.description().buckets(), weights.count());
    this.messages = new MessageCheck(plan);
    this.divergence = new DivergenceCheck(plan.description());
    this.rendezvous = new Rendezvous(plan);
    this.buckets = new BucketStates(plan.description().buckets(), weights);
    this.evaluations = new EvaluationRound(plan.ranks());
  }

  /** A rank is there. Answered when all are, or at once in a training that has begun. */
  public void hello(Hello hello, Answer<Config> answer) {
    boolean completes;
    synchronized (lock) {
      if (isStopped()) {
        answer.give(config());
        return;
      }
      try {
        completes = rendezvous.add(hello, answer);
      } catch (IllegalArgumentException e) {
        answer.refuse(e);
        return;
      }
      if (hasBegun()) {
        rendezvous.takeWaiting().forEach(waiting -> waiting.give(config()));
      }
    }
    if (completes) {
      guard(this::begin);
    }
  }

  /** A rank asks for the weights that the step of the answer's position begins with. */
  public void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    Optional<RuntimeException> refusal = messages.of(request);
    if (refusal.isPresent()) {
      answer.refuse(refusal.get());
      return;
    }
    int bucket = request.bucket();
    synchronized (lock) {
      answer.give(new WeightsPart(position, bucket, buckets.beginning(bucket)));
    }
  }

  /** A rank's part of a bucket; answered when all ranks' parts are in. */
  public void gradient(GradientPart part, Answer<WeightsPart> answer) {
    int bucket = part.bucket();
    Position at;
    synchronized (lock) {
      at = position;
      Optional<RuntimeException> refusal = messages.of(part, at);
      if (isStopped()) {
        answer.give(new WeightsPart(at, bucket, ByteBuffer.allocate(0)));
        return;
      } else if (!hasBegun()) {
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
      computeNanos = Math.max(computeNanos, part.computeNanos());
    }
    guard(
        () -> {
          if (averager.add(part)) {
            complete(plan.description().buckets().get(bucket), at);
          }
        });
  }

  /** A rank has evaluated its validation rows; answered when all have. */
  public void evaluation(Evaluation evaluation, Answer<Position> answer) {
    Position at;
    StepSums sums;
    synchronized (lock) {
      at = position;
      Optional<RuntimeException> refusal = messages.of(evaluation, at);
      if (isStopped()) {
        answer.give(at);
        return;
      } else if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      } else if (evaluation.epoch() < at.epoch()) {
        answer.give(at);
        return;
      } else if (!evaluations.add(evaluation, answer)) {
        return;
      }
      sums = evaluations.sums();
    }
    guard(() -> moveTo(finishEpoch(at, sums)));
  }

  /** A rank has gone. What it has sent counts; its next attempt goes on where it was. */
  public void lost(int rank) {
    synchronized (lock) {
      rendezvous.leave(rank);
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

  /** Where the training stands. */
  public Position position() {
    synchronized (lock) {
      return position;
    }
  }

  private void begin() {
    synchronized (lock) {
      rows = rendezvous.rows();
      validationRows = rendezvous.validationRows();
    }
    listener.onStart(rows, validationRows);
    if (rows == 0) {
      throw new IllegalArgumentException(
          "Training: expected at least one training row. Received: none.");
    }
    synchronized (lock) {
      if (!isStopped()) {
        stepsPerEpoch = StepShares.stepsPerEpoch(rows, plan.batchSize());
        ledger.begin();
        gather();
        rendezvous.takeWaiting().forEach(answer -> answer.give(config()));
      }
    }
  }

  /** Nothing of the step at the position is in yet. */
  private void gather() {
    averager.begin(position.step());
    buckets.beginStep();
    if (position.directive() == Directive.STEP) {
      optimizer.beginStep();
    }
  }

  private void complete(Bucket bucket, Position at) {
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
    synchronized (lock) {
      optimizerNanos += System.nanoTime() - began;
      completesStep = buckets.markStepped(bucket.index());
      if (!completesStep && !isLast(bucket.index())) {
        answerWaiting(bucket.index());
      }
    }
    if (completesStep) {
      finishStep(at, sums, rate);
    }
  }

  private void finishStep(Position at, StepSums sums, double rate) {
    long rowsOfStep = StepShares.rowsOfStep(rows, plan.batchSize(), at.stepOfEpoch());
    StepReport report;
    synchronized (lock) {
      report = ledger.step(at, stepsPerEpoch, rowsOfStep, sums, rate, computeNanos, optimizerNanos);
    }
    listener.onStep(report);
    Position next = at.afterStep(Directive.STEP);
    if (next.stepOfEpoch() == stepsPerEpoch) {
      next = validationRows > 0 ? next.with(Directive.EVALUATE) : finishEpoch(next, StepSums.ZERO);
    }
    moveTo(next);
  }

  private Position finishEpoch(Position at, StepSums validation) {
    EpochReport report = ledger.epoch(at, validationRows, validation);
    divergence.requireFinite(weights, validation, at.step() - 1, report.learningRate());
    listener.onEpoch(report);
    return at.epoch() + 1 < plan.maxEpochs()
        ? at.nextEpoch(Directive.STEP)
        : at.with(Directive.STOP);
  }

  /** Tells all waiting ranks that the training stands at {@code next}. */
  private void moveTo(Position next) {
    synchronized (lock) {
      if (isStopped()) {
        return;
      }
      position = next;
      finished = isStopped();
      computeNanos = 0;
      optimizerNanos = 0;
      gather();
      plan.description().buckets().forEach(bucket -> answerWaiting(bucket.index()));
      evaluations.takeWaiting().forEach(answer -> answer.give(position));
    }
  }

  private void stop() {
    position = position.with(Directive.STOP);
    rendezvous.takeWaiting().forEach(answer -> answer.give(config()));
    for (Bucket bucket : plan.description().buckets()) {
      WeightsPart none = new WeightsPart(position, bucket.index(), ByteBuffer.allocate(0));
      buckets.takeWaiting(bucket.index()).forEach(answer -> answer.give(none));
    }
    evaluations.takeWaiting().forEach(answer -> answer.give(position));
  }

  private void answerWaiting(int bucket) {
    for (Answer<WeightsPart> answer : buckets.takeWaiting(bucket)) {
      answer.give(new WeightsPart(positionWith(bucket), bucket, buckets.newest(bucket)));
    }
  }

  private Config config() {
    return new Config(
        plan.networkText(),
        plan.seed(),
        plan.batchSize(),
        plan.bucketBytes(),
        plan.description().buckets(),
        rendezvous.rowsOfRanks(),
        position);
  }

  private boolean isLast(int bucket) {
    return bucket == plan.description().buckets().size() - 1;
  }

  /** The answer to the last bucket says how to go on, the others to wait for it. */
  private Position positionWith(int bucket) {
    return isLast(bucket) ? position : position.with(Directive.AWAIT);
  }

  private boolean hasBegun() {
    return stepsPerEpoch > 0;
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
