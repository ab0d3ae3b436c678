package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A relay of a tree, in the task of its leader, without a transport: adds the gradients of its
 * ranks in rank order, sends each bucket upstream once, as the leader's, and gives the answer to
 * all of them. Evaluations likewise. Knows nothing of weights: those that answer a hello come from
 * the driver.
 *
 * <p>A group that loses a rank of a tree is begun anew, so nothing is sent twice here: when a rank
 * is gone, or the driver says stop, whoever waits is told to stop; when upstream refuses, whoever
 * waits is refused. Thread safe; owns one {@link GradientAverager}.
 */
public final class RelayEndpoint implements Endpoint {
  private static final long SLICE_MILLIS = 100;

  private final int group;
  private final List<Integer> members;
  private final int leader;
  private final Endpoint upstream;

  private final Object lock = new Object();
  private final Set<Hello> present = new HashSet<>();
  private final List<Answer<Config>> early = new ArrayList<>(); // hellos before begin
  private final EvaluationRound evaluations;
  private RelayStep running; // null before begin
  private Config config; // null before begin
  private Position end; // null while it runs
  private RuntimeException failure; // null while nothing failed

  /**
   * Lets hellos in from now on; they are answered by {@link #begin}.
   *
   * @param group number of the group
   * @param relay which of the relays this is
   * @param upstream where the leader has said hello
   */
  public RelayEndpoint(int group, RelayMap relays, int relay, Endpoint upstream) {
    this.group = group;
    this.members = relays.members(relay);
    this.leader = relays.leader(relay);
    this.upstream = upstream;
    this.evaluations = new EvaluationRound(members);
  }

  /** All ranks of the group are there; {@code answered} is what the leader's hello brought. */
  public void begin(Config answered) {
    List<Answer<Config>> hellos;
    synchronized (lock) {
      config = answered;
      running = new RelayStep(members, answered);
      hellos = List.copyOf(early);
      early.clear();
    }
    hellos.forEach(answer -> answer.give(answered));
  }

  @Override
  public void hello(Hello hello, Answer<Config> answer) {
    Config known;
    synchronized (lock) {
      if (hello.group() != group || !members.contains(hello.rank())) {
        answer.refuse(
            new IllegalArgumentException(
                "Relay of rank %d: expected ranks %s of group %d. Received: rank %d of group %d."
                    .formatted(leader, members, group, hello.rank(), hello.group())));
        return;
      }
      present.add(hello);
      if (config == null) {
        early.add(answer);
        return;
      }
      known = end == null ? config : config.at(end);
    }
    answer.give(known);
  }

  @Override
  public void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    answer.refuse(
        new IllegalStateException(
            "Relay of rank %d: expected gradients and evaluations. Received: a request for weights of rank %d, which are the driver's."
                .formatted(leader, request.rank())));
  }

  @Override
  public void gradient(GradientPart part, Answer<WeightsPart> answer) {
    RelayStep step;
    synchronized (lock) {
      if (end != null) {
        answer.give(nothing(part.bucket()));
        return;
      }
      Optional<RuntimeException> refusal = refusal().or(() -> running.accept(part, answer));
      if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      }
      step = running;
    }
    guard(
        () -> {
          if (step.averager.add(part)) {
            send(step, part.step(), config.buckets().get(part.bucket()));
          }
        });
  }

  @Override
  public void evaluation(Evaluation evaluation, Answer<Position> answer) {
    StepSums sums;
    synchronized (lock) {
      if (end != null) {
        answer.give(end);
        return;
      }
      Optional<RuntimeException> refusal = refusal().or(() -> running.check(evaluation));
      if (refusal.isPresent()) {
        answer.refuse(refusal.get());
        return;
      } else if (!evaluations.add(evaluation, answer)) {
        return;
      }
      sums = evaluations.sums();
    }
    guard(
        () ->
            upstream.evaluation(
                new Evaluation(group, evaluation.epoch(), leader, sums),
                new Upstream<>(this::evaluated)));
  }

  @Override
  public void lost(Hello hello) {
    boolean breaks;
    synchronized (lock) {
      breaks = present.remove(hello) && config != null && end == null && failure == null;
      lock.notifyAll();
    }
    if (breaks) {
      stop(config.position().with(Directive.STOP));
    }
  }

  /**
   * Waits until the ranks that were told to stop are gone, so that their answers are not cut off.
   * Returns at once where upstream has failed, or nobody was told to stop.
   *
   * @param interrupted true once there is no more time to wait; asked every 100 ms
   */
  public void awaitGone(long mostMillis, BooleanSupplier interrupted) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMillis);
    synchronized (lock) {
      while (end != null
          && !present.isEmpty()
          && !interrupted.getAsBoolean()
          && System.nanoTime() < deadline) {
        try {
          lock.wait(SLICE_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** The parts of all ranks of the bucket are in. */
  private void send(RelayStep from, long step, Bucket bucket) {
    ByteBuffer floats =
        from.averager
            .gradient()
            .slice((int) (bucket.offset() * Float.BYTES), (int) (bucket.count() * Float.BYTES))
            .order(ByteOrder.nativeOrder());
    long computeNanos;
    synchronized (lock) {
      computeNanos = from.computeNanos(bucket.index());
    }
    upstream.gradient(
        new GradientPart(
            group, step, leader, bucket.index(), from.averager.sums(), computeNanos, floats),
        new Upstream<>(this::stepped));
  }

  private void stepped(WeightsPart part) {
    List<Answer<WeightsPart>> answers;
    synchronized (lock) {
      answers = running.answered(part.bucket());
    }
    answers.forEach(answer -> answer.give(part));
    if (part.position().directive() == Directive.STOP) {
      stop(part.position());
    }
  }

  private void evaluated(Position position) {
    List<Answer<Position>> answers;
    synchronized (lock) {
      answers = evaluations.takeWaiting();
    }
    answers.forEach(answer -> answer.give(position));
    if (position.directive() == Directive.STOP) {
      stop(position);
    }
  }

  /** From now on everyone is told to stop. */
  private void stop(Position at) {
    List<Answer<WeightsPart>> ofBucket;
    List<Answer<Position>> evaluating;
    synchronized (lock) {
      if (end != null || failure != null) {
        return;
      }
      end = at;
      ofBucket = running.takeWaiting();
      evaluating = evaluations.takeWaiting();
    }
    WeightsPart nothing = nothing(0);
    ofBucket.forEach(answer -> answer.give(nothing));
    evaluating.forEach(answer -> answer.give(at));
  }

  private void fail(RuntimeException cause) {
    List<Answer<?>> waiting = new ArrayList<>();
    synchronized (lock) {
      if (end != null || failure != null) {
        return;
      }
      failure = cause;
      waiting.addAll(running.takeWaiting());
      waiting.addAll(evaluations.takeWaiting());
    }
    waiting.forEach(answer -> answer.refuse(cause));
  }

  /** Why nothing can be accepted now; empty where it can. */
  private Optional<RuntimeException> refusal() {
    return running == null
        ? Optional.of(
            new IllegalStateException(
                "Relay of rank %d: expected a hello before gradients and evaluations."
                    .formatted(leader)))
        : Optional.ofNullable(failure);
  }

  private WeightsPart nothing(int bucket) {
    return new WeightsPart(end, bucket, ByteBuffer.allocate(0));
  }

  /** What fails on the way to an answer is the answer: ranks are waiting for it. */
  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** An answer from upstream, for all ranks that wait for it. */
  private final class Upstream<T> implements Answer<T> {
    private final Consumer<T> taken;

    Upstream(Consumer<T> taken) {
      this.taken = taken;
    }

    @Override
    public void give(T message) {
      taken.accept(message);
    }

    @Override
    public void refuse(RuntimeException cause) {
      fail(cause);
    }
  }
}
