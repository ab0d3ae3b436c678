package dev.fovea.core.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The native passes over whole flat vectors that other rooms need: sums of gradients, the search
 * for numbers that are not finite, and the optimizer. Buffers are direct, in native order and
 * aligned to 64 bytes. Calls may run side by side on ranges that do not overlap.
 */
public final class FlatKernels {
  private FlatKernels() {}

  /** {@code dst[i] += src[i]} for {@code i} in {@code [offset, offset + count)}, in floats. */
  public static void accumulate(ByteBuffer dst, ByteBuffer src, long offset, long count) {
    NativeLibrary.load();
    NativeMethods.accumulate(dst, offset, src, offset, count);
  }

  /** True where no float in {@code [offset, offset + count)} is infinite or not a number. */
  public static boolean allFinite(ByteBuffer src, long offset, long count) {
    NativeLibrary.load();
    return NativeMethods.allFinite(src, offset, count);
  }

  /**
   * Changes the weights in {@code [offset, offset + count)}.
   *
   * @param gradient sums over the rows of the step
   * @param state slots of {@code weightCount} floats, slot after slot
   * @param weightCount floats in the whole vector
   */
  public static void optimizerStep(
      OptimizerPass pass,
      ByteBuffer weights,
      ByteBuffer gradient,
      ByteBuffer state,
      long weightCount,
      long offset,
      long count) {
    NativeLibrary.load();
    NativeMethods.optimizerStep(
        pass.optimizer().getBytes(StandardCharsets.UTF_8),
        pass.step(),
        pass.learningRate(),
        pass.l2(),
        pass.gradientScale(),
        weights,
        gradient,
        state,
        weightCount,
        offset,
        count);
  }
}
