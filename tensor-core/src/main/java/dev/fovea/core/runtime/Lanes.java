package dev.fovea.core.runtime;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed team of threads that runs the same work side by side and meets at its end. Lane 0 is the
 * thread that calls {@link #run}; the others are daemon threads, started once. They end with {@link
 * #close}, or, should the owner forget, once nobody can reach the team. One thread at a time may
 * call {@link #run}.
 */
final class Lanes implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicInteger TEAMS = new AtomicInteger();

  /** What one lane does. */
  @FunctionalInterface
  interface Work {
    void run(int lane);
  }

  private final Meeting meeting;
  private final Cleaner.Cleanable cleanable;

  Lanes(int count) {
    meeting = new Meeting(count);
    cleanable = CLEANER.register(this, meeting::stop);
    int team = TEAMS.incrementAndGet();
    for (int lane = 1; lane < count; lane++) {
      meeting.start(lane, "fovea-replica-" + team + "-lane-" + lane);
    }
  }

  int count() {
    return meeting.count;
  }

  /** True once a lane of the present run has failed: the others may as well end theirs early. */
  boolean failed() {
    return meeting.failed;
  }

  /**
   * Runs the work on every lane and returns when the last has ended, interrupted or not. Throws
   * what the lowest failing lane threw.
   */
  void run(Work work) {
    try {
      meeting.run(work);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Ends the threads; no run may be in progress. Safe to call again. */
  @Override
  public void close() {
    cleanable.clean();
  }

  /**
   * What the threads hold on to. Between two runs it reaches neither the team nor any work, so that
   * a forgotten owner can be collected.
   */
  private static final class Meeting {
    private final int count;
    private final Waiter[] starts;
    private final Waiter end = new Waiter();
    private final Throwable[] failures;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean failed;
    private volatile boolean stopped;
    private final AtomicInteger round = new AtomicInteger();
    private Work work; // Written before `round` changes, read after.

    Meeting(int count) {
      this.count = count;
      this.failures = new Throwable[count];
      this.starts = new Waiter[count];
      for (int lane = 0; lane < count; lane++) {
        starts[lane] = new Waiter();
      }
    }

    void start(int lane, String name) {
      Thread thread = new Thread(() -> serve(lane), name);
      thread.setDaemon(true);
      thread.start();
    }

    void stop() {
      stopped = true;
      wakeAll();
    }

    void run(Work given) {
      if (stopped) {
        throw new IllegalStateException("Lanes: expected a running team. Received: a closed one.");
      }
      work = given;
      failed = false;
      running.set(count - 1);
      round.incrementAndGet();
      wakeAll();
      runLane(0);
      end.await(() -> running.get() == 0);
      work = null;
      if (failed) {
        rethrow();
      }
    }

    private void serve(int lane) {
      int done = 0;
      while (true) {
        int last = done;
        starts[lane].await(() -> round.get() != last || stopped);
        if (stopped) {
          return;
        }
        done++;
        runLane(lane);
        if (running.decrementAndGet() == 0) {
          end.wake();
        }
      }
    }

    private void runLane(int lane) {
      try {
        work.run(lane);
      } catch (Throwable e) { // Whatever it is, the caller must hear of it, and not wait for ever.
        failures[lane] = e;
        failed = true;
      }
    }

    private void wakeAll() {
      for (Waiter start : starts) {
        start.wake();
      }
    }

    private void rethrow() {
      Throwable first = null;
      for (int lane = count - 1; lane >= 0; lane--) {
        first = failures[lane] == null ? first : failures[lane];
        failures[lane] = null;
      }
      if (first instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) first; // A Work declares no checked exception.
    }
  }
}
