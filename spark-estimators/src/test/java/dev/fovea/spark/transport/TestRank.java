package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** A rank without a replica: its messages, and their answers as futures. */
final class TestRank {
  private final Endpoint endpoint;
  private final int rank;

  TestRank(Endpoint endpoint, int rank) {
    this.endpoint = endpoint;
    this.rank = rank;
  }

  static Hello helloOf(int rank, String executor) {
    return new Hello("fit", 0, rank, 0, executor, List.of(3L, 4L), 5, "avx2", "1");
  }

  CompletableFuture<Config> hello() {
    return ask(endpoint::hello, helloOf(rank, "executor-" + rank));
  }

  /** A part with {@code value} everywhere; the answer's floats are copied. */
  CompletableFuture<WeightsPart> gradient(long step, int bucket, int floats, float value) {
    return gradient(part(step, rank, bucket, floats, value));
  }

  CompletableFuture<WeightsPart> gradient(GradientPart part) {
    return ask(
        (message, answer) ->
            endpoint.gradient(
                message,
                new Answer<>() {
                  @Override
                  public void give(WeightsPart given) {
                    answer.give(copy(given));
                  }

                  @Override
                  public void refuse(RuntimeException cause) {
                    answer.refuse(cause);
                  }
                }),
        part);
  }

  static GradientPart part(long step, int rank, int bucket, int floats, float value) {
    ByteBuffer memory = AlignedMemory.allocate((long) floats * Float.BYTES);
    while (memory.hasRemaining()) {
      memory.putFloat(value);
    }
    return new GradientPart(0, step, rank, bucket, new StepSums(1, 2, 3), 4, memory.flip());
  }

  /** Each rank sends {@code rank + step} in every float; gives the sums that come back. */
  static void steps(List<TestRank> ranks, Config config, int steps) {
    for (int step = 1; step <= steps; step++) {
      for (var bucket : config.buckets()) {
        int floats = (int) bucket.count();
        long now = step;
        List<CompletableFuture<WeightsPart>> answers =
            ranks.stream()
                .map(each -> each.gradient(now, bucket.index(), floats, (float) (each.rank + now)))
                .toList();
        float sum = (float) ranks.stream().mapToLong(each -> each.rank + now).sum();
        for (CompletableFuture<WeightsPart> answer : answers) {
          Futures.requireFloats(Futures.get(answer), bucket.index(), floats, sum);
        }
      }
    }
  }

  static <M, A> CompletableFuture<A> ask(BiConsumer<M, Answer<A>> to, M message) {
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

  private static WeightsPart copy(WeightsPart given) {
    Position position = given.position();
    ByteBuffer floats = AlignedMemory.allocate(given.floats().remaining());
    return new WeightsPart(position, given.bucket(), floats.put(given.floats().duplicate()).flip());
  }
}
