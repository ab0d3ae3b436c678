package dev.fovea.core.format;

import dev.fovea.core.tensor.Shape;
import java.nio.ByteBuffer;

/**
 * A tensor in a file, and its memory here.
 *
 * @param floats the memory, not a copy: float32 in little-endian order, all that {@code shape}
 *     takes
 */
public record NamedTensor(String name, Shape shape, ByteBuffer floats) {
  public NamedTensor {
    if (floats.remaining() != shape.size() * Float.BYTES) {
      throw new IllegalArgumentException(
          SafeTensors.format(
              "Tensor '%s': expected %,d bytes for shape %s. Received: %,d.",
              name, shape.size() * Float.BYTES, shape, floats.remaining()));
    }
  }
}
