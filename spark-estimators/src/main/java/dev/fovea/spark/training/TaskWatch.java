package dev.fovea.spark.training;

import dev.fovea.core.runtime.Replica;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Ends a task's native work when Spark wants the task to end. Spark only sets a flag on a task that
 * is killed, so a thread asks for it every 100 ms. Owns the thread until {@link #close}.
 */
final class TaskWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;

  private final BooleanSupplier ended;
  private final Set<Replica> replicas = new HashSet<>();
  private final Thread thread;
  private boolean closed;

  /**
   * @param ended true once the task is to end
   */
  TaskWatch(BooleanSupplier ended, String name) {
    this.ended = ended;
    this.thread = new Thread(this::watch, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** True once the task is to end. */
  boolean isEnded() {
    return ended.getAsBoolean();
  }

  /** Cancels the replica when the task is to end; no matter if it is closed by then. */
  synchronized Replica watched(Replica replica) {
    replicas.add(replica);
    return replica;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The thread ends by itself.
    }
  }

  private synchronized void watch() {
    while (!closed) {
      if (isEnded()) {
        replicas.forEach(Replica::cancel);
      }
      try {
        wait(PERIOD_MILLIS);
      } catch (InterruptedException e) {
        return; // Nobody interrupts it but a JVM that ends.
      }
    }
  }
}
