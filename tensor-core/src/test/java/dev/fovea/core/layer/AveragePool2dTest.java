package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AveragePool2dTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("AveragePool2d kernel=2 stride=2", new AveragePool2d(2, 2));
  }

  @Override
  protected Example fullest() {
    return new Example(
        "AveragePool2d kernel=3,2 stride=2,1 padding=1,0",
        new AveragePool2d(new Size2d(3, 2), new Size2d(2, 1), Padding.of(1, 0)));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("kernel=0", "expected an integer > 0. Received: 0."),
        new Refusal("kernel=2,x", "expected two integers > 0, height,width. Received: 2,x."),
        new Refusal("stride=", "expected an integer > 0. Received: nothing."),
        new Refusal(
            "padding=-1",
            "expected same, valid, or 1, 2 or 4 integers from 0 to 32767. Received: '-1'."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new AveragePool2d(0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("AveragePool2d: attribute 'kernel': expected an integer > 0. Received: 0.");
    assertThat(new AveragePool2d(2, 1).stride()).isEqualTo(Size2d.of(1));
  }
}
