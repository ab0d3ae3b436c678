package dev.fovea.core.runtime;

import dev.fovea.core.tensor.GradientSum;
import java.nio.ByteBuffer;

/**
 * The gradients of the lanes of one step. Lane 0 adds straight into the caller's; the others have
 * one of their own each, kept from step to step, which is added to the caller's bucket by bucket.
 */
final class LaneGradients {
  /** Floats below which a sum ends sooner on one lane than the lanes would meet. */
  private static final long SMALL = 16 * 1024;

  /** Floats of a cache line: lanes do not write to the same one. */
  private static final long LINE = 16;

  private final GradientSum[] own;
  private final ByteBuffer[] buffers;

  LaneGradients(int lanes, long weightCount) {
    own = new GradientSum[lanes];
    buffers = new ByteBuffer[lanes];
    for (int lane = 1; lane < lanes; lane++) {
      own[lane] = GradientSum.allocate(weightCount);
      buffers[lane] = own[lane].buffer();
    }
  }

  /** Begins a step that adds to {@code sum}. */
  void begin(ByteBuffer sum) {
    buffers[0] = sum;
  }

  /** Ends the step: the caller's memory is not kept. */
  void end() {
    buffers[0] = null;
  }

  ByteBuffer of(int lane) {
    return buffers[lane];
  }

  /** Makes a lane's own gradient zero; by the lane itself, which then has it in its cache. */
  void clear(int lane) {
    if (lane > 0) {
      own[lane].clear();
    }
  }

  /**
   * Adds the bucket of lanes 1 to {@code active - 1} to the caller's, in the order of the lanes.
   */
  void add(Lanes lanes, int active, NetworkDescription.Bucket bucket) {
    if (active == 1) {
      return;
    }
    if (bucket.count() <= SMALL) {
      add(active, bucket.offset(), bucket.count());
      return;
    }
    long share = (bucket.count() / lanes.count() / LINE + 1) * LINE;
    lanes.run(
        lane -> {
          long begin = Math.min(bucket.count(), lane * share);
          long end = Math.min(bucket.count(), begin + share);
          add(active, bucket.offset() + begin, end - begin);
        });
  }

  private void add(int active, long offset, long count) {
    for (int lane = 1; lane < active && count > 0; lane++) {
      NativeMethods.accumulate(buffers[0], buffers[lane], offset, count);
    }
  }
}
