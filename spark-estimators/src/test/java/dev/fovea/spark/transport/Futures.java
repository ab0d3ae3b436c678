package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waiting for answers, never for ever. */
final class Futures {
  private static final long PATIENCE_SECONDS = 30;

  private Futures() {}

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static Throwable failure(CompletableFuture<?> future) {
    try {
      throw new AssertionError("Received: " + future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it is true. */
  static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  static void requireFloats(WeightsPart part, int bucket, int floats, float value) {
    ByteBuffer expected = AlignedMemory.allocate((long) floats * Float.BYTES);
    while (expected.hasRemaining()) {
      expected.putFloat(value);
    }
    assertThat(part.bucket()).isEqualTo(bucket);
    assertThat(part.floats()).isEqualTo(expected.flip());
  }
}
