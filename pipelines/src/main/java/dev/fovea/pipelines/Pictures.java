package dev.fovea.pipelines;

import dev.fovea.core.layer.Conv2d;
import dev.fovea.core.network.Network;
import dev.fovea.core.network.NetworkLine;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.Weights;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is to be seen of a trained network. */
final class Pictures {
  private static final int FILTERS_ACROSS = 16;
  private static final int FILTER_ENLARGEMENT = 12;
  private static final int MISTAKES = 40;
  private static final int MISTAKES_ACROSS = 8;
  private static final int MISTAKE_ENLARGEMENT = 4;

  private Pictures() {}

  /**
   * The windows of the first convolution, one channel each, those of a filter one after the other;
   * none where the network has no convolution.
   */
  static Optional<BufferedImage> firstLayerFilters(Network network, Weights weights) {
    Optional<NetworkLine> first =
        network.lines().stream().filter(line -> line.layer() instanceof Conv2d).findFirst();
    return first.map(line -> filters(line.name(), network, weights));
  }

  private static BufferedImage filters(String layer, Network network, Weights weights) {
    ParameterInfo weight = network.describe().parameter(layer + ".weight").orElseThrow();
    int height = weight.shape().size(0); // [KH, KW, IC, OC]
    int width = weight.shape().size(1);
    int channels = weight.shape().size(2);
    int filters = weight.shape().size(3);
    FloatBuffer floats = weights.floats();
    ImageGrid grid = new ImageGrid(FILTERS_ACROSS, FILTER_ENLARGEMENT);
    for (int filter = 0; filter < filters; filter++) {
      for (int channel = 0; channel < channels; channel++) {
        float[] window = new float[height * width];
        for (int i = 0; i < window.length; i++) {
          long index = weight.offset() + ((long) i * channels + channel) * filters + filter;
          window[i] = floats.get(Math.toIntExact(index));
        }
        grid.addSigned(window, height, width);
      }
    }
    return grid.draw("Filters of " + layer + ": red lets light in, blue keeps it out");
  }

  /** The images that were taken for something else with the most confidence, the worst first. */
  static BufferedImage worstMistakes(List<Prediction> predictions, ImageSet set) {
    ImageGrid grid = new ImageGrid(MISTAKES_ACROSS, MISTAKE_ENLARGEMENT);
    long mistakes = predictions.stream().filter(Prediction::wrong).count();
    predictions.stream()
        .filter(Prediction::wrong)
        .sorted(Prediction.MOST_CONFIDENT_FIRST)
        .limit(MISTAKES)
        .forEach(
            mistake ->
                grid.add(
                    mistake.pixels(),
                    set.height(),
                    set.width(),
                    set.classNames().get(mistake.label()),
                    "taken for " + set.classNames().get(mistake.prediction()),
                    String.format(Locale.ROOT, "with %.1f %%", 100 * mistake.confidence())));
    return grid.draw(
        String.format(
            Locale.ROOT,
            "The worst of %,d mistakes on %,d test images",
            mistakes,
            predictions.size()));
  }
}
