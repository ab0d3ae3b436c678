package dev.fovea.core.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.layer.Input;
import dev.fovea.core.layer.Numbers;
import dev.fovea.core.network.Network;
import dev.fovea.core.network.NetworkLine;
import dev.fovea.core.runtime.NetworkDescription.LayerInfo;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallCnnTest {
  private static final Numbers MEAN = Numbers.of(73);
  private static final Numbers STD = Numbers.of(90);

  @ParameterizedTest
  @CsvSource({
    "'28,28,1', 2, '7,7,64'",
    "'32,32,3', 2, '8,8,64'",
    "'64,48,3', 3, '8,6,128'",
    "'96,96,3', 4, '6,6,256'",
    "'8,8,1', 2, '2,2,64'",
    "'4,4,1', 2, '2,2,64'",
    "'3,3,1', 2, '3,3,64'",
    "'1,1,5', 2, '1,1,64'",
    "'2,100,1', 2, '2,100,64'"
  })
  void blocksHalveTheMapUntilItIsSmall(String input, int blocks, String map) {
    Network network = network(Shape.parse(input), 10);
    long convolutions =
        network.lines().stream().filter(line -> line.type().equals("Conv2d")).count();
    assertThat(convolutions).isEqualTo(blocks);
    assertThat(shapeBefore(network, "hidden")).isEqualTo(Shape.parse(map));
  }

  @Test
  void itClassifiesItsInput() {
    Network network = network(Shape.of(28, 28, 1), 7);
    assertThat(network.inputs()).hasSize(1);
    assertThat(network.line("image").layer())
        .isEqualTo(new Input(Shape.of(28, 28, 1), DataType.UINT8, MEAN, STD));
    NetworkLine logits = network.outputOf(network.losses().get(0));
    assertThat(logits.name()).isEqualTo("logits");
    assertThat(network.describe().layer("logits").orElseThrow().shape()).isEqualTo(Shape.of(7));
    assertThat(network.targets()).extracting(NetworkLine::name).containsExactly("label");
  }

  @Test
  void otherShapesAreRefused() {
    assertThatThrownBy(() -> network(Shape.of(784), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("SmallCnn: expected an input [H, W, C]. Received: [784].");
  }

  @Test
  void oneClassIsRefused() {
    assertThatThrownBy(() -> network(Shape.of(28, 28, 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("SmallCnn: expected 2 or more classes. Received: 1.");
  }

  private static Network network(Shape input, int numClasses) {
    return SmallCnn.network(input, DataType.UINT8, MEAN, STD, numClasses);
  }

  private static Shape shapeBefore(Network network, String name) {
    List<LayerInfo> layers = network.describe().layers();
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i).name().equals(name)) {
        return layers.get(i - 1).shape();
      }
    }
    throw new AssertionError("no layer " + name);
  }
}
