package dev.fovea.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.layer.LayerContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("SoftmaxCrossEntropy", new SoftmaxCrossEntropy());
  }

  @Override
  protected Example fullest() {
    return new Example("SoftmaxCrossEntropy weight=0.3", new SoftmaxCrossEntropy(0.3));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(new Refusal("weight=0", "expected a number > 0. Received: 0."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new SoftmaxCrossEntropy(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "SoftmaxCrossEntropy: attribute 'weight': expected a number > 0. Received: -1.");
    assertThat(new SoftmaxCrossEntropy().weight()).isEqualTo(1);
  }
}
