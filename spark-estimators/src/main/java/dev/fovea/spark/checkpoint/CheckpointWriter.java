package dev.fovea.spark.checkpoint;

import dev.fovea.core.exchange.TrainingState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the checkpoints of a training, one at a time, in a thread of its own. What it is offered
 * it copies; while it writes one, the newest of those offered meanwhile waits, the others are left
 * out. Owns memory for two states of the training, taken when first needed.
 *
 * <p>A checkpoint that cannot be written is logged and counted, and the training goes on; but where
 * the first of all fails, the next {@link #offer} or {@link #isDue} says so: nobody wants to learn
 * in the morning that the path was wrong. Not after the last step: the weights are worth more.
 */
public final class CheckpointWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
  private static final long PATIENCE_MILLIS = 30_000;

  private final CheckpointDirectory directory;
  private final CheckpointInterval interval;
  private final LongSupplier nanoClock;
  private final Thread thread;

  private Checkpoint pending; // null: nothing to write
  private final Deque<TrainingState> spares = new ArrayDeque<>(); // memory that nobody uses
  private long lastNanos;
  private long written;
  private long failures;
  private Throwable firstFailure; // null: none, or one was written before it
  private boolean closed;

  /** Starts the thread. */
  public CheckpointWriter(CheckpointDirectory directory, CheckpointInterval interval) {
    this(directory, interval, System::nanoTime);
  }

  CheckpointWriter(
      CheckpointDirectory directory, CheckpointInterval interval, LongSupplier nanoClock) {
    this.directory = directory;
    this.interval = interval;
    this.nanoClock = nanoClock;
    this.lastNanos = nanoClock.getAsLong();
    this.thread = new Thread(this::run, "fovea-checkpoints");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * True where a checkpoint of this state should be offered: by the interval, and always at the end
   * of a training.
   */
  public synchronized boolean isDue(TrainingState state) {
    requireFirstWritten(state);
    return state.isFinished() || interval.isDue(state.steps(), nanoClock.getAsLong() - lastNanos);
  }

  /** Copies the checkpoint, to be written soon. Takes the time of the copy. */
  public synchronized void offer(Checkpoint checkpoint) {
    TrainingState state = checkpoint.state();
    requireFirstWritten(state);
    TrainingState memory = pending != null ? pending.state() : spares.poll();
    TrainingState copy = memory == null ? state.copy() : state.copyInto(memory);
    pending = new Checkpoint(checkpoint.settings(), copy, checkpoint.history());
    lastNanos = nanoClock.getAsLong();
    notifyAll();
  }

  /** Checkpoints written so far. */
  public synchronized long written() {
    return written;
  }

  /** Checkpoints that could not be written so far. */
  public synchronized long failures() {
    return failures;
  }

  /**
   * Writes what waits, and ends the thread. Throws nothing: the training is over. When the calling
   * thread is or gets interrupted, it waits no longer, and the thread ends by itself.
   */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(PATIENCE_MILLIS);
      while (thread.isAlive()) {
        LOG.warn("the last checkpoint is still being written");
        thread.join(PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (Checkpoint next = take(); next != null; next = take()) {
      long began = System.nanoTime();
      try {
        Path path = directory.write(next);
        LOG.info("checkpoint {} written in {} ms", path, (System.nanoTime() - began) / 1_000_000);
        end(next, null);
      } catch (IOException | RuntimeException | Error e) {
        LOG.error("checkpoint of step {} not written: {}", next.state().steps(), e.toString(), e);
        end(next, e);
      }
    }
  }

  /** The next to write; null at the end. */
  private synchronized Checkpoint take() {
    try {
      while (pending == null && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      return null; // Nobody interrupts it but a JVM that ends.
    }
    Checkpoint next = pending;
    pending = null;
    return next;
  }

  private synchronized void end(Checkpoint done, Throwable failure) {
    spares.push(done.state());
    if (failure == null) {
      written++;
      return;
    }
    if (written + failures == 0) {
      firstFailure = failure;
    }
    failures++;
  }

  private void requireFirstWritten(TrainingState next) {
    if (firstFailure != null && !next.isFinished()) {
      throw directory.notWritable(firstFailure);
    }
  }
}
