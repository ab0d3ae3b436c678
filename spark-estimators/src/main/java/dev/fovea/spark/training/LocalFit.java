package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How the task of a local master finds the endpoint of its fit: a table in the JVM that both share,
 * keyed by the random name of the fit, so that fits side by side do not meet. Closing it ends the
 * tasks that are still in and waits until they have freed what they own. Thread safe.
 */
final class LocalFit implements AutoCloseable {
  private static final Map<String, LocalFit> OPEN = new ConcurrentHashMap<>();
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String fit;
  private final DriverEndpoint endpoint;
  private int tasks;
  private volatile boolean closed;

  /** Lets tasks in from now on. */
  LocalFit(String fit, DriverEndpoint endpoint) {
    this.fit = fit;
    this.endpoint = endpoint;
    OPEN.put(fit, this);
  }

  /** Number of fits that are running in this JVM; leak checks want zero. */
  static int openCount() {
    return OPEN.size();
  }

  /** Lets the calling task into the fit of that name; it must {@link #leave}. */
  static LocalFit enter(String fit) {
    LocalFit found = OPEN.get(fit);
    if (found == null || !found.letIn()) {
      throw new CancellationException("Fit " + fit + ": has ended.");
    }
    return found;
  }

  /** The task has freed what it owns. */
  synchronized void leave() {
    tasks--;
    notifyAll();
  }

  DriverEndpoint endpoint() {
    return endpoint;
  }

  /** True once the tasks are to end. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    OPEN.remove(fit);
    endpoint.close();
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      long deadline = System.nanoTime() + LEAVE_NANOS;
      while (tasks > 0 && System.nanoTime() < deadline) {
        try {
          wait(100);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean letIn() {
    if (!closed) {
      tasks++;
    }
    return !closed;
  }
}
