package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DropoutTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Dropout", new Dropout());
  }

  @Override
  protected Example fullest() {
    return new Example("Dropout rate=0.25", new Dropout(0.25));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("rate=1", "expected a number >= 0 and < 1. Received: 1."),
        new Refusal("rate=-0.5", "expected a number >= 0 and < 1. Received: -0.5."),
        new Refusal("rate=half", "expected a number >= 0 and < 1. Received: half."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new Dropout(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Dropout: attribute 'rate': expected a number >= 0 and < 1. Received: 1.");
    assertThat(new Dropout(0).rate()).isZero();
  }
}
