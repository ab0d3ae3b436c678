package dev.fovea.benchmarks.spark;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.core.layer.Numbers;
import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Adam;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.zoo.SmallCnn;
import java.util.List;
import java.util.stream.Stream;

/**
 * A classifier of images of bytes, as an estimator trains it.
 *
 * @param input height, width, channels of an image
 * @param batchSize rows of a training step
 */
public record SparkNetwork(
    String name, Network network, Shape input, int classes, int batchSize, Optimizer optimizer) {
  private static final List<String> NAMES = List.of("lenet5", "vgg_small", "resnet20");

  /** The default network of the estimator, and those of the named that are small. */
  public static List<SparkNetwork> among(List<String> names) {
    return Stream.concat(
            Stream.of(smallCnn()),
            NAMES.stream().filter(names::contains).map(name -> of(BenchmarkNetworks.named(name))))
        .toList();
  }

  /** The same network, trained with other steps. */
  SparkNetwork withBatchSize(int rows) {
    return new SparkNetwork(name, network, input, classes, rows, optimizer);
  }

  private static SparkNetwork of(BenchmarkNetwork network) {
    return new SparkNetwork(
        network.name(),
        network.imageNetwork(),
        network.input(),
        network.classes(),
        network.batchSize(),
        new Sgd(0.9));
  }

  private static SparkNetwork smallCnn() {
    Shape input = Shape.of(28, 28, 1);
    Numbers scale = Numbers.of(127.5);
    Network network = SmallCnn.network(input, DataType.UINT8, scale, scale, 10);
    return new SparkNetwork("SmallCnn", network, input, 10, 128, new Adam());
  }
}
