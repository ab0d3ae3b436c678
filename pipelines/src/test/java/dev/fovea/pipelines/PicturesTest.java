package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.layer.Conv2d;
import dev.fovea.core.layer.Dense;
import dev.fovea.core.network.Network;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.training.EpochSeconds;
import dev.fovea.spark.training.TrainingEpoch;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PicturesTest {
  private static final int RED = 0xffff0000;
  private static final int BLUE = 0xff0000ff;

  @Test
  void aFilterIsDrawnWhereItsWeightsLie() {
    Network network = Network.input(4, 4, 1).then(new Conv2d(2, 3)).build();
    ParameterInfo weight = network.describe().parameter("conv1.weight").orElseThrow();
    Weights weights = Weights.allocate(network.describe().weightCount());
    // The second filter: its largest weight at the left top, its smallest at the right bottom.
    weights.floats().put((int) weight.offset() + 1, 2f);
    weights.floats().put((int) weight.offset() + 8 * 2 + 1, -2f);

    BufferedImage picture = Pictures.firstLayerFilters(network, weights).orElseThrow();

    // A margin of 10, two lines of 16 above, filters of 3 * 12 pixels.
    int left = 10 + 36 + 10;
    int top = 10 + 32;
    assertThat(picture.getRGB(left + 6, top + 6)).isEqualTo(RED);
    assertThat(picture.getRGB(left + 30, top + 30)).isEqualTo(BLUE);
    assertThat(picture.getRGB(left + 18, top + 18)).isEqualTo(0xffffffff);
  }

  @Test
  void aNetworkWithoutConvolutionHasNoFilters() {
    Network network = Network.input(4).then(new Dense(2)).build();
    Weights weights = Weights.allocate(network.describe().weightCount());

    assertThat(Pictures.firstLayerFilters(network, weights)).isEmpty();
  }

  @Test
  void theMostConfidentMistakeComesFirstAndRightOnesAreLeftOut() {
    ImageSet set = new ImageSet("Two", List.of("no", "yes"), 1, 1, List.of(), List.of());
    List<Prediction> predictions =
        List.of(
            new Prediction(new byte[] {(byte) 50}, 0, 0, 0.99),
            new Prediction(new byte[] {(byte) 100}, 0, 1, 0.6),
            new Prediction(new byte[] {(byte) 200}, 1, 0, 0.9));

    BufferedImage picture = Pictures.worstMistakes(predictions, set);

    assertThat(picture.getRGB(10, 42)).isEqualTo(0xffc8c8c8);
    assertThat(picture.getRGB(10 + 4 + 10, 42)).isEqualTo(0xff646464);
    assertThat(picture.getRGB(10 + 2 * (4 + 10), 42)).isEqualTo(0xffffffff);
  }

  @Test
  void learningCurvesShowBothLines() {
    List<TrainingEpoch> epochs =
        List.of(epoch(1, 0.9, OptionalDouble.of(1.0)), epoch(2, 0.5, OptionalDouble.of(0.7)));

    Set<Integer> both = colors(LearningCurves.draw(epochs));
    Set<Integer> one = colors(LearningCurves.draw(List.of(epoch(1, 0.9, OptionalDouble.empty()))));

    int green = 0xff008000; // of the second line
    assertThat(both).contains(BLUE, green);
    assertThat(one).contains(BLUE).doesNotContain(green);
  }

  private static TrainingEpoch epoch(long number, double loss, OptionalDouble validation) {
    return new TrainingEpoch(
        number,
        number,
        10,
        loss,
        1 - loss / 2,
        validation,
        validation,
        0.001,
        1,
        10,
        new EpochSeconds(1, 0, 0, 0, 0),
        List.of(),
        "");
  }

  private static Set<Integer> colors(BufferedImage picture) {
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        colors.add(picture.getRGB(x, y));
      }
    }
    return colors;
  }
}
