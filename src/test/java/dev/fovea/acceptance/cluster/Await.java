package dev.fovea.acceptance.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does. */
final class Await {
  private static final int POLL_MILLIS = 10;

  private Await() {}

  /**
   * Asks until the answer is not null.
   *
   * @param failure what to say when the time is over
   */
  static <T> T value(Duration atMost, Supplier<T> question, Supplier<String> failure) {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (T answer = question.get(); ; answer = question.get()) {
      if (answer != null) {
        return answer;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(failure.get());
      }
      pause(Duration.ofMillis(POLL_MILLIS));
    }
  }

  /** Asks until the answer is yes. */
  static void until(Duration atMost, BooleanSupplier question, Supplier<String> failure) {
    boolean unused = value(atMost, () -> question.getAsBoolean() ? true : null, failure);
  }

  static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Test: interrupted", e);
    }
  }
}
