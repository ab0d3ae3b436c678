package dev.fovea.core.zoo;

import dev.fovea.core.layer.Conv2d;
import dev.fovea.core.layer.Dense;
import dev.fovea.core.layer.Dropout;
import dev.fovea.core.layer.Input;
import dev.fovea.core.layer.MaxPool2d;
import dev.fovea.core.layer.Numbers;
import dev.fovea.core.layer.Relu;
import dev.fovea.core.layer.Target;
import dev.fovea.core.loss.SoftmaxCrossEntropy;
import dev.fovea.core.network.Network;
import dev.fovea.core.network.NetworkBuilder;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;

/**
 * A classifier of small images, the default of {@code CnnClassifier}: blocks of a 3x3 convolution,
 * Relu and a halving of the map, then one hidden layer with dropout.
 *
 * <p>There are two blocks, and more until the map is at most 8x8 pixels: 2 for 28x28 or 32x32, 3
 * for 64x64, 5 for 224x224. They have 32, 64, 128, then 256 filters. A block leaves a map with a
 * side below 4 pixels as large as it is. Not from a paper: the common small network of tutorials
 * since LeNet-5.
 */
public final class SmallCnn {
  private static final int FIRST_FILTERS = 32;
  private static final int MOST_FILTERS = 256;
  private static final int LEAST_BLOCKS = 2;
  private static final int LARGEST_MAP = 8;
  private static final int SMALLEST_HALVED = 4;
  private static final int HIDDEN_UNITS = 128;
  private static final double DROPOUT = 0.25;

  private SmallCnn() {}

  /**
   * The network, with an Input {@code image}, a Target {@code label} (the class, from 0) and the
   * loss on {@code logits}.
   *
   * @param input {@code [H, W, C]}
   * @param dtype how pixels are stored
   * @param mean subtracted from the pixels, in their units
   * @param std divided by, > 0
   * @param numClasses >= 2
   */
  public static Network network(
      Shape input, DataType dtype, Numbers mean, Numbers std, int numClasses) {
    if (input.rank() != 3) {
      throw new IllegalArgumentException(
          "SmallCnn: expected an input [H, W, C]. Received: " + input + ".");
    }
    if (numClasses < 2) {
      throw new IllegalArgumentException(
          "SmallCnn: expected 2 or more classes. Received: " + numClasses + ".");
    }
    NetworkBuilder builder = Network.builder().then("image", new Input(input, dtype, mean, std));
    addBlocks(builder, input.size(0), input.size(1));
    return builder
        .then("hidden", new Dense(HIDDEN_UNITS))
        .then(new Relu())
        .then(new Dropout(DROPOUT))
        .then("logits", new Dense(numClasses))
        .then("label", new Target())
        .then("loss", new SoftmaxCrossEntropy())
        .from("logits", "label")
        .build();
  }

  private static void addBlocks(NetworkBuilder builder, int height, int width) {
    int filters = FIRST_FILTERS;
    boolean halving = true;
    for (int block = 0; block < LEAST_BLOCKS || (halving && isLarge(height, width)); block++) {
      builder.then(new Conv2d(filters, 3)).then(new Relu());
      halving = Math.min(height, width) >= SMALLEST_HALVED;
      if (halving) {
        builder.then(new MaxPool2d(2, 2));
        height /= 2;
        width /= 2;
      }
      filters = Math.min(2 * filters, MOST_FILTERS);
    }
  }

  private static boolean isLarge(int height, int width) {
    return Math.max(height, width) > LARGEST_MAP;
  }
}
