package dev.fovea.core.exchange;

import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** Calls an endpoint in the same JVM: the messages of the network, without one. */
public final class InProcessExchange implements GradientExchange {
  private static final long SLICE_MILLIS = 100;

  private final DriverEndpoint endpoint;
  private final int rank;
  private final BooleanSupplier interrupted;
  private final Queue<CompletableFuture<WeightsPart>> sent = new ArrayDeque<>();
  private Config config;

  /**
   * @param interrupted true once the rank is to end; asked while waiting
   */
  public InProcessExchange(DriverEndpoint endpoint, int rank, BooleanSupplier interrupted) {
    this.endpoint = endpoint;
    this.rank = rank;
    this.interrupted = interrupted;
  }

  @Override
  public Config hello(Hello hello) {
    config = get(send(endpoint::hello, hello));
    return config;
  }

  @Override
  public Position weights(Weights weights) {
    while (true) {
      List<WeightsPart> parts = new ArrayList<>();
      for (int bucket = 0; bucket < config.buckets().size(); bucket++) {
        parts.add(get(send(endpoint::weights, new WeightsRequest(rank, bucket))));
      }
      Position position = parts.get(0).position();
      if (parts.stream().allMatch(part -> part.position().equals(position))) {
        parts.forEach(part -> write(part, weights));
        return position;
      }
    }
  }

  @Override
  public void average(GradientPart part) {
    sent.add(send(endpoint::gradient, part));
  }

  @Override
  public Position await(Weights weights) {
    Position position = null;
    while (!sent.isEmpty()) {
      WeightsPart part = get(sent.remove());
      position = part.position();
      write(part, weights);
    }
    if (position == null) {
      throw new IllegalStateException("Exchange: expected parts to wait for. Received: none.");
    }
    return position;
  }

  @Override
  public Position evaluate(Evaluation evaluation) {
    return get(send(endpoint::evaluation, evaluation));
  }

  @Override
  public void close() {
    sent.clear();
    endpoint.lost(rank);
  }

  private void write(WeightsPart part, Weights weights) {
    ByteBuffer floats = part.floats();
    if (floats.hasRemaining()) {
      int offset = (int) (config.buckets().get(part.bucket()).offset() * Float.BYTES);
      weights.buffer().put(offset, floats, floats.position(), floats.remaining());
    }
  }

  private static <M, A> CompletableFuture<A> send(BiConsumer<M, Answer<A>> to, M message) {
    CompletableFuture<A> answered = new CompletableFuture<>();
    to.accept(
        message,
        new Answer<>() {
          @Override
          public void give(A answer) {
            answered.complete(answer);
          }

          @Override
          public void refuse(RuntimeException cause) {
            answered.completeExceptionally(cause);
          }
        });
    return answered;
  }

  private <A> A get(CompletableFuture<A> answer) {
    while (true) {
      if (interrupted.getAsBoolean()) {
        throw new CancellationException("Rank " + rank + ": told to end.");
      }
      try {
        return answer.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Not yet answered: asks again whether to go on.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("Rank " + rank + ": interrupted.");
      } catch (ExecutionException e) {
        throw (RuntimeException) e.getCause(); // Answer.refuse takes no other.
      }
    }
  }
}
