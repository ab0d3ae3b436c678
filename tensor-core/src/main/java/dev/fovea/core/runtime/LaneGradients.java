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
  /** Floats that are summed over all lanes before the next: they stay in cache meanwhile. */
  private static final long BLOCK = 16 * 1024;

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
  void add(FlatLanes lanes, int active, NetworkDescription.Bucket bucket) {
    if (active > 1) {
      lanes.run(bucket.offset(), bucket.count(), (offset, count) -> add(active, offset, count));
    }
  }

  private void add(int active, long offset, long count) {
    for (LaneStretch stretch : stretches) {
      long begin = Math.max(offset, stretch.offset());
      long end = Math.min(offset + count, stretch.offset() + stretch.count());
      for (long block = begin; block < end; block += BLOCK) {
        long size = Math.min(BLOCK, end - block);
        long inOwn = block + stretch.laneOffset() - stretch.offset();
        for (int lane = 1; lane < active; lane++) {
          NativeMethods.accumulate(buffers[0], block, buffers[lane], inOwn, size);
        }
      }
    }
  }
}
