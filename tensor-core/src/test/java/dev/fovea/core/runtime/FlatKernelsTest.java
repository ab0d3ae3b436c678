package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What does not lie within the buffers is refused before anything is read or written. */
class FlatKernelsTest {
  private static final int FLOATS = 16;

  private final ByteBuffer floats = AlignedMemory.allocate(FLOATS * Float.BYTES);
  private final ByteBuffer others = AlignedMemory.allocate(FLOATS * Float.BYTES);

  @Test
  void addsARange() {
    others.asFloatBuffer().put(new float[] {1, 2, 3, 4});
    FlatKernels.accumulate(floats, others, 1, 2);
    FlatKernels.accumulate(floats, others, 2, 1);
    assertThat(List.of(floats.getFloat(0), floats.getFloat(4), floats.getFloat(8)))
        .containsExactly(0f, 2f, 6f);
  }

  @Test
  void rangesOutsideTheBuffers() {
    refuses(
        () -> FlatKernels.allFinite(floats, -16, 4),
        "Buffer src: expected elements from 0 on. Received: 4 from -16 on.");
    refuses(
        () -> FlatKernels.allFinite(floats, 4, -1),
        "Buffer src: expected elements from 0 on. Received: -1 from 4 on.");
    refuses(
        () -> FlatKernels.allFinite(floats, 1, Long.MAX_VALUE),
        "Buffer src: expected elements from 0 on. Received: 9223372036854775807 from 1 on.");
    refuses(
        () -> FlatKernels.accumulate(floats, others, 8, 9),
        "Buffer dst: expected a direct buffer of 68 bytes. Received: 64.");
  }

  @Test
  void anOptimizerStepBeyondTheWeights() {
    OptimizerPass pass = new OptimizerPass("Sgd momentum=0.9", 1, 0.1, 0, 1);
    refuses(
        () -> FlatKernels.optimizerStep(pass, floats, others, floats, 8, 4, 8),
        "Optimizer step: expected floats below the weight count 8. Received: 8 from 4 on.");
    refuses(
        () -> FlatKernels.optimizerStep(pass, floats, others, floats, 8, -4, 8),
        "Buffer weights: expected elements from 0 on. Received: 8 from -4 on.");
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
