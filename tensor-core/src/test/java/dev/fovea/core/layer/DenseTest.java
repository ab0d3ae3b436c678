package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DenseTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Dense units=10", new Dense(10));
  }

  @Override
  protected Example fullest() {
    return new Example("Dense units=7 bias=false", new Dense(7, false));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("units=0", "expected an integer > 0. Received: 0."),
        new Refusal("units=ten", "expected an integer > 0. Received: ten."),
        new Refusal("bias=1", "expected true or false. Received: '1'."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new Dense(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Dense: attribute 'units': expected an integer > 0. Received: 0.");
    assertThat(new Dense(1)).isInstanceOf(ParametricLayer.class);
  }
}
