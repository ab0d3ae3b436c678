package dev.fovea.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class WeightsTest {
  @Test
  void startAtZero() {
    Weights weights = Weights.allocate(3);
    assertThat(weights.count()).isEqualTo(3);
    assertThat(weights.toArray()).containsExactly(0, 0, 0);
  }

  @Test
  void theBufferIsTheMemoryItself() {
    Weights weights = Weights.allocate(2);
    ByteBuffer buffer = weights.buffer();
    assertThat(buffer.order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(buffer.alignmentOffset(0, 64)).isZero();
    buffer.putFloat(4, 2.5f);
    weights.floats().put(0, 1.5f);
    assertThat(weights.toArray()).containsExactly(1.5f, 2.5f);
  }

  @Test
  void positionsOfBuffersAreTheirOwn() {
    Weights weights = Weights.of(1, 2);
    weights.buffer().getFloat();
    weights.floats().get();
    assertThat(weights.buffer().position()).isZero();
    assertThat(weights.floats().position()).isZero();
  }

  @Test
  void aCopySharesNothing() {
    Weights weights = Weights.of(1, 2, 3);
    Weights copy = weights.copy();
    weights.floats().put(0, 9);
    assertThat(copy.toArray()).containsExactly(1, 2, 3);
    copy.copyFrom(weights);
    assertThat(copy.toArray()).containsExactly(9, 2, 3);
  }

  @Test
  void copyingAnotherCountIsRefused() {
    assertThatThrownBy(() -> Weights.of(1, 2).copyFrom(Weights.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Weights: expected 2 floats. Received: 1.");
  }
}
