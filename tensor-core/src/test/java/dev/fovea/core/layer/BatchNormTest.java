package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNormTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("BatchNorm", new BatchNorm());
  }

  @Override
  protected Example fullest() {
    return new Example(
        "BatchNorm momentum=0.25 epsilon=0.001 normalizationRows=16",
        new BatchNorm(0.25, 0.001, 16));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("momentum=1", "expected a number >= 0 and < 1. Received: 1."),
        new Refusal("epsilon=0", "expected a number > 0. Received: 0."),
        new Refusal("normalizationRows=0", "expected an integer > 0. Received: 0."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new BatchNorm(0.1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("BatchNorm: attribute 'epsilon': expected a number > 0. Received: 0.");
    assertThat(new BatchNorm()).isInstanceOf(ParametricLayer.class);
  }
}
