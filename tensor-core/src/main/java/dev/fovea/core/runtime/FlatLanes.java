package dev.fovea.core.runtime;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lanes that share passes over flat vectors: each takes one slice, so that a pass has the memory
 * bandwidth of all cores. A pass that treats each float by itself gives the same bits on any number
 * of lanes.
 *
 * <p>Calls from several threads may overlap: while one has the lanes, the others run on their own
 * threads. The lanes' threads end with {@link #close}, or with the object.
 */
public final class FlatLanes implements AutoCloseable {
  /** Floats below which a pass ends sooner on one lane than lanes meet that have just worked. */
  private static final long SMALL = 16 * 1024;

  /** Floats below which it ends sooner than lanes meet that sleep between passes. */
  private static final long SMALL_FOR_SLEEPERS = 256 * 1024;

  /** Floats of a cache line: lanes do not write to the same one. */
  private static final long LINE = 16;

  private final Lanes lanes;
  private final long small;
  private final ReentrantLock turn = new ReentrantLock();

  /** A pass over the floats {@code [offset, offset + count)}. */
  @FunctionalInterface
  public interface Pass {
    void run(long offset, long count);
  }

  /**
   * @param count lanes, the calling thread included, &gt; 0
   */
  public FlatLanes(int count) {
    this(new Lanes(count), SMALL_FOR_SLEEPERS);
  }

  /** Borrows a team that works between passes, too. */
  FlatLanes(Lanes lanes) {
    this(lanes, SMALL);
  }

  private FlatLanes(Lanes lanes, long small) {
    this.lanes = lanes;
    this.small = small;
  }

  /** Runs the pass over slices that cover {@code [offset, offset + count)}, each once. */
  public void run(long offset, long count, Pass pass) {
    if (count <= small || lanes.count() == 1 || !turn.tryLock()) {
      pass.run(offset, count);
      return;
    }
    try {
      long share = (count / lanes.count() / LINE + 1) * LINE;
      lanes.run(
          lane -> {
            long begin = Math.min(count, lane * share);
            long end = Math.min(count, begin + share);
            if (begin < end) {
              pass.run(offset + begin, end - begin);
            }
          });
    } finally {
      turn.unlock();
    }
  }

  /** Waits for the pass that has the lanes, then ends their threads. Safe to call again. */
  @Override
  public void close() {
    turn.lock();
    try {
      lanes.close();
    } finally {
      turn.unlock();
    }
  }
}
