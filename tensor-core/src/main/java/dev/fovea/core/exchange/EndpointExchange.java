package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A rank's conversation with an endpoint, in the same JVM or behind a transport; in a tree, with
 * two of them: gradients and evaluations go to the relay.
 */
public final class EndpointExchange implements GradientExchange {
  private static final long SLICE_MILLIS = 100;

  private final Endpoint endpoint;
  private final Function<Config, Endpoint> relays;
  private final BooleanSupplier interrupted;
  private final Queue<CompletableFuture<Position>> sent = new ArrayDeque<>();
  private Hello hello; // null before it is said, and once it is taken back
  private Endpoint relay; // the endpoint, where no other is known
  private Config config;
  private Weights weights;

  /**
   * A rank that has one endpoint.
   *
   * @param interrupted true once the rank is to end; asked while waiting
   */
  public EndpointExchange(Endpoint endpoint, BooleanSupplier interrupted) {
    this(endpoint, config -> endpoint, interrupted);
  }

  /**
   * A rank of a tree, perhaps.
   *
   * @param relays where gradients and evaluations go, known once the driver has answered the hello;
   *     not closed here
   * @param interrupted true once the rank is to end; asked while waiting
   */
  public EndpointExchange(
      Endpoint endpoint, Function<Config, Endpoint> relays, BooleanSupplier interrupted) {
    this.endpoint = endpoint;
    this.relays = relays;
    this.interrupted = interrupted;
    this.relay = endpoint;
  }

  @Override
  public Config hello(Hello mine) {
    hello = mine;
    config = say(endpoint);
    if (config.position().directive() != Directive.STOP) {
      relay = relays.apply(config);
      config = relay == endpoint ? config : say(relay);
    }
    return config;
  }

  private Config say(Endpoint to) {
    Pending<Config, Config> answered = new Pending<>(message -> message);
    to.hello(hello, answered);
    return get(answered.future);
  }

  @Override
  public Position weights(Weights dst) {
    weights = dst;
    while (true) {
      for (Bucket bucket : config.buckets()) {
        Pending<WeightsPart, Position> answered = new Pending<>(this::write);
        endpoint.weights(new WeightsRequest(hello.group(), hello.rank(), bucket.index()), answered);
        sent.add(answered.future);
      }
      Set<Position> positions = new HashSet<>();
      while (!sent.isEmpty()) {
        positions.add(get(sent.remove()));
      }
      if (positions.size() == 1) {
        return positions.iterator().next();
      }
    }
  }

  @Override
  public void average(GradientPart part) {
    Pending<WeightsPart, Position> answered = new Pending<>(this::write);
    relay.gradient(part, answered);
    sent.add(answered.future);
  }

  @Override
  public Position await() {
    Position position = null;
    while (!sent.isEmpty()) {
      position = get(sent.remove());
    }
    if (position == null) {
      throw new IllegalStateException("Exchange: expected parts to wait for. Received: none.");
    }
    return position;
  }

  @Override
  public Position evaluate(Evaluation evaluation) {
    Pending<Position, Position> answered = new Pending<>(position -> position);
    relay.evaluation(evaluation, answered);
    return get(answered.future);
  }

  @Override
  public void close() {
    sent.clear();
    if (hello != null) {
      if (relay != endpoint) {
        relay.lost(hello);
      }
      endpoint.lost(hello);
      hello = null;
    }
  }

  /** On the thread that brings the answer: the floats are valid during the call. */
  private Position write(WeightsPart part) {
    ByteBuffer floats = part.floats();
    if (floats.hasRemaining()) {
      int offset = (int) (config.buckets().get(part.bucket()).offset() * Float.BYTES);
      weights.buffer().put(offset, floats, floats.position(), floats.remaining());
    }
    return part.position();
  }

  /** An answer to wait for: what {@code read} makes of the message. */
  private static final class Pending<M, T> implements Answer<M> {
    final CompletableFuture<T> future = new CompletableFuture<>();
    private final Function<M, T> read;

    Pending(Function<M, T> read) {
      this.read = read;
    }

    @Override
    public void give(M message) {
      try {
        future.complete(read.apply(message));
      } catch (RuntimeException e) {
        future.completeExceptionally(e);
      }
    }

    @Override
    public void refuse(RuntimeException cause) {
      future.completeExceptionally(cause);
    }
  }

  private <A> A get(CompletableFuture<A> answer) {
    while (true) {
      if (interrupted.getAsBoolean()) {
        throw new CancellationException("Rank " + hello.rank() + ": told to end.");
      }
      try {
        return answer.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Not yet answered: asks again whether to go on.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("Rank " + hello.rank() + ": interrupted.");
      } catch (ExecutionException e) {
        throw (RuntimeException) e.getCause(); // Answer.refuse takes no other.
      }
    }
  }
}
