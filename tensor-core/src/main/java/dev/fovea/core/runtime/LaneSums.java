package dev.fovea.core.runtime;

import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;

/** The {@link StepSums} of each lane, as the three doubles that native adds to. */
final class LaneSums {
  private static final int WEIGHT = 0;
  private static final int LOSS = Double.BYTES;
  private static final int CORRECT = 2 * Double.BYTES;

  private final ByteBuffer[] lanes;

  LaneSums(int count) {
    lanes = new ByteBuffer[count];
    for (int lane = 0; lane < count; lane++) {
      lanes[lane] = AlignedMemory.allocate(3 * Double.BYTES); // Each on a cache line of its own.
    }
  }

  ByteBuffer of(int lane) {
    return lanes[lane];
  }

  void clear() {
    for (ByteBuffer lane : lanes) {
      lane.putDouble(WEIGHT, 0).putDouble(LOSS, 0).putDouble(CORRECT, 0);
    }
  }

  /** The sum over the lanes, in their order. */
  StepSums total() {
    StepSums total = StepSums.ZERO;
    for (ByteBuffer lane : lanes) {
      total =
          total.plus(
              new StepSums(lane.getDouble(WEIGHT), lane.getDouble(LOSS), lane.getDouble(CORRECT)));
    }
    return total;
  }
}
