package dev.fovea.core.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Direct buffers as native wants them: native byte order, zero, on a 64-byte boundary. */
public final class AlignedMemory {
  /** One cache line, and one AVX-512 register. */
  public static final int ALIGNMENT = 64;

  private static final int LARGEST = Integer.MAX_VALUE - 2 * ALIGNMENT;

  private AlignedMemory() {}

  /**
   * A buffer of exactly {@code bytes} bytes, freed with the last Java object that refers to it.
   *
   * @throws IllegalArgumentException if Java cannot address so many bytes in one buffer
   */
  public static ByteBuffer allocate(long bytes) {
    if (bytes < 0 || bytes > LARGEST) {
      throw new IllegalArgumentException(
          "Buffer: expected 0 to %d bytes. Received: %d.".formatted(LARGEST, bytes));
    }
    int padded = (int) ((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    return ByteBuffer.allocateDirect(padded + ALIGNMENT)
        .alignedSlice(ALIGNMENT)
        .slice(0, (int) bytes)
        .order(ByteOrder.nativeOrder());
  }
}
