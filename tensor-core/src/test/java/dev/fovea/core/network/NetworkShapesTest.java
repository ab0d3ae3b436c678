package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.layer.Add;
import dev.fovea.core.layer.Conv2d;
import dev.fovea.core.layer.Dense;
import dev.fovea.core.layer.MaxPool2d;
import dev.fovea.core.layer.Padding;
import dev.fovea.core.layer.Target;
import dev.fovea.core.loss.SoftmaxCrossEntropy;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes, which native works out when a network is built. */
class NetworkShapesTest {
  @Test
  void aNetworkWithALossIsDescribedForTraining() {
    NetworkDescription description =
        Network.input(8, 8, 1)
            .then(new Conv2d(4, 3, 2, Padding.SAME))
            .then("logits", new Dense(3))
            .then("label", new Target())
            .then("loss", new SoftmaxCrossEntropy())
            .from("logits", "label")
            .build()
            .describe();
    assertThat(description.mode()).isEqualTo(Mode.TRAIN);
    assertThat(description.layer("conv1").orElseThrow().shape()).isEqualTo(Shape.of(4, 4, 4));
    assertThat(description.parameter("logits.weight").orElseThrow().shape())
        .isEqualTo(Shape.of(64, 3));
  }

  @Test
  void aNetworkWithoutALossIsDescribedForItsLastLine() {
    NetworkDescription description = Network.input(8, 8, 1).then(new Dense(3)).build().describe();
    assertThat(description.mode()).isEqualTo(Mode.PREDICT);
    assertThat(description.outputFloats()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"same,4,2", "valid,3,1", "1,4,2", "'0,1,0,1',4,2", "'1,1,0,0',4,1", "'1,0',4,1"})
  void paddingDecidesTheSizeOfTheMap(String padding, int height, int width) {
    NetworkDescription description =
        Network.parse(
                "image Input shape=8,4,1\nconv1 Conv2d filters=2 kernel=3 stride=2 padding="
                    + padding)
            .describe();
    assertThat(description.layer("conv1").orElseThrow().shape())
        .isEqualTo(Shape.of(height, width, 2));
  }

  @Test
  void aLayerThatNeedsAnImageSaysSo() {
    NetworkBuilder builder = Network.input(10).then(new MaxPool2d(2, 2));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'maxPool1' (MaxPool2d, line 3): expected an input [H, W, C]. Received: [10].");
  }

  @Test
  void aWindowLargerThanTheImageIsNamed() {
    NetworkBuilder builder = Network.input(4, 4, 1).then("pool", new MaxPool2d(5, 1));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'pool' (MaxPool2d, line 3): expected an input [H, W, C] with H >= 5 and W >= 5."
                + " Received: [4, 4, 1].");
  }

  @Test
  void sourcesOfDifferentShapeAreNamed() {
    NetworkBuilder builder =
        Network.input(4).then("a", new Dense(3)).then(new Add()).from("input1", "a");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'add1' (Add, line 4): expected sources of one shape, [4]. Received: [3].");
  }

  @Test
  void sharedParametersHaveTheSameShapes() {
    NetworkBuilder builder =
        Network.input(4).then("a", new Dense(3)).then("b", new Dense(3)).weightsOf("a");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'b' (Dense, line 4): attribute 'weightsOf': expected a layer with parameters"
                + " weight [3, 3], bias [3]. Received: 'a' with weight [4, 3], bias [3].");
  }

  static List<Arguments> unfit() {
    return List.of(
        Arguments.of(
            "x Input shape=4,4,3 mean=1,2",
            "Layer 'x' (Input, line 1): attribute 'mean': expected 1 number, or 3, one per channel."
                + " Received: 1,2."),
        Arguments.of(
            "x Input shape=4,4,3\ny Conv2d filters=4 kernel=3 groups=2",
            "Layer 'y' (Conv2d, line 2): attribute 'groups': expected a divisor of the input's"
                + " channels (3) and of filters (4). Received: 2."),
        Arguments.of(
            "x Input shape=4\ny Add",
            "Layer 'y' (Add, line 2): expected 2 or more sources. Received: 1. Name them with"
                + " from=a,b."),
        Arguments.of(
            "# a loss\n\nx Input shape=4\ny SoftmaxCrossEntropy",
            "Layer 'y' (SoftmaxCrossEntropy, line 4): expected 2 sources, logits and label."
                + " Received: 1. Name them with from=logits,label."));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void whatDoesNotFitIsNamed(String text, String message) {
    Network network = Network.parse(text);
    assertThatThrownBy(network::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
