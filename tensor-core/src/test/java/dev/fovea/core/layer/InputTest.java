package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Input shape=28,28,1", new Input(28, 28, 1));
  }

  @Override
  protected Example fullest() {
    return new Example(
        "Input shape=32,32,3 dtype=uint8 mean=125.3,123,113.9 std=63",
        new Input(
            Shape.of(32, 32, 3), DataType.UINT8, Numbers.of(125.3, 123, 113.9), Numbers.of(63)));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal(
            "shape=28,0,1", "expected integers > 0, separated by commas. Received: 28,0,1."),
        new Refusal("shape=", "expected integers > 0, separated by commas. Received: nothing."),
        new Refusal("dtype=int8", "expected one of float32, uint8. Received: 'int8'."),
        new Refusal("mean=a", "expected finite numbers, separated by commas. Received: a."),
        new Refusal("mean=1,", "expected finite numbers, separated by commas. Received: 1,."),
        new Refusal("std=1,0", "expected numbers > 0. Received: 1,0."),
        new Refusal("std=NaN", "expected finite numbers, separated by commas. Received: NaN."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    Shape shape = Shape.of(2);
    assertThatThrownBy(() -> new Input(shape, DataType.FLOAT32, Numbers.of(0), Numbers.of(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Input: attribute 'std': expected numbers > 0. Received: -1.");
    assertThat(new Input(2)).isInstanceOf(FieldLayer.class);
  }
}
