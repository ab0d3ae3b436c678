package dev.fovea.core.optimizer;

import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What an {@link OptimizerState} has remembered between two steps. Whoever copied the slots owns
 * them; those of {@link OptimizerState#memory} are the optimizer's own and change with its next
 * step.
 *
 * @param steps steps taken, &gt;= 0
 * @param slots one flat vector of floats for each of the optimizer's slots, one after the other,
 *     each laid out as the weights; this memory, not a copy, in native order
 */
public record OptimizerMemory(long steps, ByteBuffer slots) {
  public OptimizerMemory {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "Optimizer memory: expected steps >= 0. Received: " + steps + ".");
    }
    slots = slots.slice().order(ByteOrder.nativeOrder());
  }

  /** From position 0, with a position of its own. */
  @Override
  public ByteBuffer slots() {
    return slots.duplicate().order(ByteOrder.nativeOrder());
  }

  /** A copy in memory of its own. */
  public OptimizerMemory copy() {
    return copyTo(AlignedMemory.allocate(slots.capacity()));
  }

  /**
   * A copy in memory that is there.
   *
   * @param dst of the same size; the copy owns it from now on
   */
  public OptimizerMemory copyTo(ByteBuffer dst) {
    if (dst.capacity() != slots.capacity()) {
      throw new IllegalArgumentException(
          "Optimizer memory: expected a buffer of %d bytes. Received: %d."
              .formatted(slots.capacity(), dst.capacity()));
    }
    dst.clear().put(slots()).clear();
    return new OptimizerMemory(steps, dst);
  }
}
