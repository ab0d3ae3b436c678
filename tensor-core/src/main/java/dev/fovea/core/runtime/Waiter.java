package dev.fovea.core.runtime;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that waits for others: first by spinning, which ends within a fraction of a microsecond,
 * then by parking, which leaves the core to others and costs tens of microseconds to end.
 */
final class Waiter {
  private static final long SPIN_NANOS =
      Runtime.getRuntime().availableProcessors() > 1 ? 30_000 : 0;

  private volatile Thread parked;

  /** Returns once the condition holds. An interrupt does not end the wait, and stays set. */
  void await(BooleanSupplier condition) {
    long end = System.nanoTime() + SPIN_NANOS;
    while (System.nanoTime() - end < 0) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.onSpinWait();
    }
    park(condition);
  }

  /** To be called after each change that may make the condition hold; that change is volatile. */
  void wake() {
    Thread thread = parked;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private void park(BooleanSupplier condition) {
    boolean interrupted = false;
    parked = Thread.currentThread(); // Before the condition is read again, so that no wake is lost.
    while (!condition.getAsBoolean()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    parked = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
