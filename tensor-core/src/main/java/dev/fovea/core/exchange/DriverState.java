package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the groups and the steps of a driver share: where the training stands, which group runs,
 * what has ended it. Guarded by the lock, but for what says otherwise and {@link #guard}.
 */
final class DriverState {
  final Object lock = new Object();
  final ExchangePlan plan;
  final ExchangeListener listener; // called without the lock
  final TrainingRows rows = new TrainingRows();
  final EpochLedger ledger = new EpochLedger();
  final BucketStates buckets;
  GroupRun group;
  Position position = Position.first();
  int stepsPerEpoch; // known once the first group is complete
  boolean finished;
  Throwable failure;
  private int completing; // threads that complete a bucket or an evaluation

  DriverState(ExchangePlan plan, Weights weights, ExchangeListener listener) {
    this.plan = plan;
    this.listener = listener;
    this.buckets = new BucketStates(plan.description().buckets(), weights, plan.inPlace());
    this.group = GroupRun.none(plan);
  }

  boolean isStopped() {
    return position.directive() == Directive.STOP;
  }

  /** True where a message of that group comes too late to count. */
  boolean isOver(int number) {
    return isStopped() || group.isOver(number);
  }

  /**
   * What fails on the way to an answer fails the training: the ranks are waiting for it. A listener
   * in Scala may throw checked exceptions without saying so.
   */
  void guard(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** As {@link DriverEndpoint#fail}. Takes the lock itself. */
  void fail(Throwable cause) {
    synchronized (lock) {
      if (!isStopped()) {
        failure = cause;
        stop();
      }
    }
  }

  /** As {@link DriverEndpoint#close}. Takes the lock itself. */
  void close() {
    synchronized (lock) {
      if (!isStopped()) {
        stop();
      }
    }
  }

  private void stop() {
    position = position.with(Directive.STOP);
    dismiss(group);
  }

  /** Tells the ranks of the group to leave; whatever they send from now on is too late. */
  void dismiss(GroupRun of) {
    of.disbanded = true;
    Config over = config(Directive.STOP);
    of.rendezvous.takeAll().forEach(answer -> answer.give(over));
    for (Bucket bucket : plan.description().buckets()) {
      WeightsPart nothing = nothing(bucket.index());
      buckets.takeWaiting(bucket.index()).forEach(answer -> answer.give(nothing));
    }
    of.evaluations.takeWaiting().forEach(answer -> answer.give(over.position()));
  }

  /** The answer to a rank that is to leave. */
  WeightsPart nothing(int bucket) {
    return new WeightsPart(position.with(Directive.STOP), bucket, ByteBuffer.allocate(0));
  }

  Config config(Directive directive) {
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

  /** From now on this thread may change weights or position, without the lock. */
  void beginCompleting() {
    completing++;
  }

  /** No more. Takes the lock itself. */
  void endCompleting() {
    synchronized (lock) {
      completing--;
      lock.notifyAll();
    }
  }

  /** Until no thread is about to change weights or position for the last group. */
  void awaitCompleting() {
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
}
