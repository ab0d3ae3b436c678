package dev.fovea.core.exchange.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * Floats as the upper halves of their bits, rounded to nearest, ties to even. Infinities stay, what
 * is beyond the largest bfloat16 becomes infinite, and what is not a number stays so. Through small
 * arrays, whose loops HotSpot compiles well.
 */
final class Bfloat16 {
  private static final int BLOCK = 2048;
  private static final int INFINITY = 0x7f80_0000;
  private static final int QUIET = 0x0040_0000;

  private Bfloat16() {}

  /** Writes half the bytes of {@code floats} at the position of {@code dst}, which moves. */
  static void encode(ByteBuffer floats, ByteBuffer dst) {
    IntBuffer src = floats.duplicate().order(ByteOrder.nativeOrder()).asIntBuffer();
    ShortBuffer rounded = dst.duplicate().order(ByteOrder.nativeOrder()).asShortBuffer();
    int[] in = new int[BLOCK];
    short[] out = new short[BLOCK];
    while (src.hasRemaining()) {
      int count = Math.min(BLOCK, src.remaining());
      src.get(in, 0, count);
      for (int i = 0; i < count; i++) {
        int bits = in[i];
        int isNan = (INFINITY - (bits & 0x7fff_ffff)) >> 31; // all ones where it is, else 0
        int carry = (0x7fff + ((bits >>> 16) & 1)) & ~isNan;
        out[i] = (short) (((bits | (isNan & QUIET)) + carry) >>> 16);
      }
      rounded.put(out, 0, count);
    }
    dst.position(dst.position() + rounded.position() * Short.BYTES);
  }

  /** Writes twice the bytes of {@code payload} at the position of {@code dst}, which moves. */
  static void decode(ByteBuffer payload, ByteBuffer dst) {
    ShortBuffer src = payload.duplicate().order(ByteOrder.nativeOrder()).asShortBuffer();
    IntBuffer floats = dst.duplicate().order(ByteOrder.nativeOrder()).asIntBuffer();
    short[] in = new short[BLOCK];
    int[] out = new int[BLOCK];
    while (src.hasRemaining()) {
      int count = Math.min(BLOCK, src.remaining());
      src.get(in, 0, count);
      for (int i = 0; i < count; i++) {
        out[i] = in[i] << 16;
      }
      floats.put(out, 0, count);
    }
    dst.position(dst.position() + floats.position() * Integer.BYTES);
  }
}
