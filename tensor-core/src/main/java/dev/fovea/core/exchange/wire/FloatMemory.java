package dev.fovea.core.exchange.wire;

import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;

/** Aligned memory that is used again and again, and grows where it must. Not thread safe. */
public final class FloatMemory {
  private ByteBuffer memory = AlignedMemory.allocate(0);

  /** So many bytes, in native order; what was taken before is overwritten. */
  ByteBuffer take(long bytes) {
    if (memory.capacity() < bytes) {
      memory = AlignedMemory.allocate(bytes);
    }
    return memory.slice(0, (int) bytes).order(memory.order());
  }
}
