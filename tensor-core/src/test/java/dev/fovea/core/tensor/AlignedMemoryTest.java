package dev.fovea.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignedMemoryTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 65, 4096, 100_003})
  void buffersAreAlignedDirectAndOfTheSizeAsked(long bytes) {
    ByteBuffer buffer = AlignedMemory.allocate(bytes);
    assertThat(buffer.isDirect()).isTrue();
    assertThat(buffer.capacity()).isEqualTo((int) bytes);
    assertThat(buffer.position()).isZero();
    assertThat(buffer.order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(buffer.alignmentOffset(0, AlignedMemory.ALIGNMENT)).isZero();
  }

  @Test
  void buffersAreZero() {
    ByteBuffer buffer = AlignedMemory.allocate(1000);
    while (buffer.hasRemaining()) {
      assertThat(buffer.get()).isZero();
    }
  }

  @Test
  void aSizeBeyondOneBufferIsRefused() {
    assertThatThrownBy(() -> AlignedMemory.allocate(1L << 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Buffer: expected 0 to 2147483519 bytes. Received: 2147483648.");
    assertThatThrownBy(() -> AlignedMemory.allocate(-1))
        .hasMessage("Buffer: expected 0 to 2147483519 bytes. Received: -1.");
  }
}
