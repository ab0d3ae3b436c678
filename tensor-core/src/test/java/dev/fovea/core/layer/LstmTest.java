package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class LstmTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Lstm units=128", new Lstm(128));
  }

  @Override
  protected Example fullest() {
    return new Example("Lstm units=7 sequence=false forgetBias=1.5", new Lstm(7, false, 1.5));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("units=0", "expected an integer > 0. Received: 0."),
        new Refusal("sequence=last", "expected true or false. Received: 'last'."),
        new Refusal("forgetBias=-1", "expected a number >= 0. Received: -1."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new Lstm(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Lstm: attribute 'units': expected an integer > 0. Received: 0.");
    assertThat(new Lstm(1, false)).isInstanceOf(ParametricLayer.class);
  }

  @Test
  void anImageIsRefusedWhenTheNetworkIsBuilt() {
    var builder = Network.builder().then("image", new Input(28, 28, 1)).then(new Lstm(128));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'lstm1' (Lstm, line 3): expected an input [T, I]. Received: [28, 28, 1].");
  }
}
