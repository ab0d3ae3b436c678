package dev.fovea.core.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Aligned floats: the memory behind {@link Weights} and {@link GradientSum}. */
final class FlatVector {
  private static final FloatBuffer ZEROS = FloatBuffer.allocate(16 * 1024);

  private final ByteBuffer bytes;
  private final FloatBuffer floats;

  private FlatVector(ByteBuffer bytes) {
    this.bytes = bytes;
    this.floats = bytes.asFloatBuffer();
  }

  static FlatVector allocate(long count) {
    return new FlatVector(AlignedMemory.allocate(Math.multiplyExact(count, (long) Float.BYTES)));
  }

  int count() {
    return floats.capacity();
  }

  /** The same memory with a position of its own. */
  ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.nativeOrder());
  }

  /** The same memory with a position of its own. */
  FloatBuffer floats() {
    return floats.duplicate();
  }

  void copyFrom(FlatVector other) {
    floats.put(0, other.floats, 0, count());
  }

  void clear() {
    for (int at = 0; at < count(); at += ZEROS.capacity()) {
      floats.put(at, ZEROS, 0, Math.min(ZEROS.capacity(), count() - at));
    }
  }

  void add(FlatVector other) {
    for (int i = 0; i < count(); i++) {
      floats.put(i, floats.get(i) + other.floats.get(i));
    }
  }

  /** Throws IllegalArgumentException unless both have the same length. */
  void checkSameCount(String where, long count) {
    if (count != count()) {
      throw new IllegalArgumentException(
          "%s: expected %d floats. Received: %d.".formatted(where, count(), count));
    }
  }
}
