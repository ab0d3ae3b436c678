package dev.fovea.core.runtime;

import dev.fovea.core.runtime.NetworkDescription.LaneStretch;
import dev.fovea.core.tensor.GradientSum;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The gradients of the lanes of one step. Lane 0 adds straight into the caller's, and so do all of
 * them in panel segments, each at places of its own. In row segments the others have a gradient of
 * their own each, kept from step to step, which is added to the caller's bucket by bucket.
 */
final class LaneGradients {
  /** Floats below which a sum ends sooner on one lane than the lanes would meet. */
  private static final long SMALL = 16 * 1024;

  /** Floats of a cache line: lanes do not write to the same one. */
  private static final long LINE = 16;

  private final List<LaneStretch> stretches;
  private final GradientSum[] own;
  private final ByteBuffer[] buffers;

  LaneGradients(int lanes, NetworkDescription description) {
    stretches = description.laneStretches();
    long count = description.laneGradientCount();
    own = new GradientSum[lanes];
    buffers = new ByteBuffer[lanes];
    for (int lane = 1; lane < lanes; lane++) {
      own[lane] = GradientSum.allocate(count);
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

  /** What a lane adds to in a segment. */
  ByteBuffer of(int lane, NetworkDescription.Segment segment) {
    return buffers[segment.panels() > 0 ? 0 : lane];
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
    long bucketEnd = bucket.offset() + bucket.count();
    for (LaneStretch stretch : stretches) {
      long begin = Math.max(bucket.offset(), stretch.offset());
      long end = Math.min(bucketEnd, stretch.offset() + stretch.count());
      if (begin < end) {
        add(lanes, active, begin, end - begin, stretch.laneOffset() - stretch.offset());
      }
    }
  }

  /**
   * @param shift from a place in the flat gradient to the same in a lane's own
   */
  private void add(Lanes lanes, int active, long offset, long count, long shift) {
    if (count <= SMALL) {
      add(active, offset, count, shift);
      return;
    }
    long share = (count / lanes.count() / LINE + 1) * LINE;
    lanes.run(
        lane -> {
          long begin = Math.min(count, lane * share);
          long end = Math.min(count, begin + share);
          add(active, offset + begin, end - begin, shift);
        });
  }

  private void add(int active, long offset, long count, long shift) {
    for (int lane = 1; lane < active && count > 0; lane++) {
      NativeMethods.accumulate(buffers[0], offset, buffers[lane], offset + shift, count);
    }
  }
}
