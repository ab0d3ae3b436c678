package dev.fovea.benchmarks.core;

import dev.fovea.core.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The six networks of the tables. The peers' children build the same: a change here is a change
 * there, in {@code benchmarks/peers}.
 */
public final class BenchmarkNetworks {
  private static final int CLASSES = 10;
  private static final int BATCH_SIZE = 64;

  private BenchmarkNetworks() {}

  /** All of them, in the order of the tables. */
  public static List<BenchmarkNetwork> all() {
    return List.of(lenet5(), vggSmall(), resnet20(), alexnet(), lstm(28), lstm(64));
  }

  /**
   * The network of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static BenchmarkNetwork named(String name) {
    return all().stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Network: expected one of %s. Received: '%s'."
                        .formatted(String.join(", ", names()), name)));
  }

  public static List<String> names() {
    return all().stream().map(BenchmarkNetwork::name).toList();
  }

  /** LeCun et al. 1998 with Relu and maximum pooling, 28 x 28 x 1. */
  private static BenchmarkNetwork lenet5() {
    return new BenchmarkNetwork(
        "lenet5",
        BATCH_SIZE,
        Shape.of(28, 28, 1),
        CLASSES,
        """
        conv1 Conv2d filters=6 kernel=5 padding=2
        relu1 Relu
        pool1 MaxPool2d kernel=2 stride=2
        conv2 Conv2d filters=16 kernel=5 padding=valid
        relu2 Relu
        pool2 MaxPool2d kernel=2 stride=2
        fc1 Dense units=120
        relu3 Relu
        fc2 Dense units=84
        relu4 Relu
        logits Dense units=10
        """
            .lines()
            .toList());
  }

  /** Three blocks of two 3x3 convolutions in the manner of VGG, 32 x 32 x 3. */
  private static BenchmarkNetwork vggSmall() {
    List<String> body = new ArrayList<>();
    for (int block = 1; block <= 3; block++) {
      for (String half : List.of("a", "b")) {
        String name = block + half;
        body.add("conv" + name + " Conv2d kernel=3 filters=" + (32 << block));
        body.add("relu" + name + " Relu");
      }
      body.add("pool" + block + " MaxPool2d kernel=2 stride=2");
    }
    body.add("fc1 Dense units=512");
    body.add("relu4 Relu");
    body.add("logits Dense units=10");
    return new BenchmarkNetwork("vgg_small", BATCH_SIZE, Shape.of(32, 32, 3), CLASSES, body);
  }

  /** ResNet-20 of He et al. 2016 for 32 x 32 x 3, with a projection where a shape changes. */
  private static BenchmarkNetwork resnet20() {
    List<String> body = new ArrayList<>();
    normalised(body, "stem", "image", "filters=16 kernel=3");
    body.add("relu0 Relu");
    String src = "relu0";
    for (int block = 1; block <= 9; block++) {
      int filters = 16 << ((block - 1) / 3);
      int stride = block == 4 || block == 7 ? 2 : 1;
      String first = " kernel=3 padding=1 stride=" + stride;
      normalised(body, "a" + block, src, "filters=" + filters + first);
      body.add("reluA" + block + " Relu");
      normalised(body, "b" + block, "reluA" + block, "kernel=3 filters=" + filters);
      String skip = src;
      if (stride != 1) {
        normalised(body, "p" + block, src, "kernel=1 stride=" + stride + " filters=" + filters);
        skip = "p" + block + "Norm";
      }
      body.add("sum" + block + " Add from=b" + block + "Norm," + skip);
      src = "relu" + block;
      body.add(src + " Relu");
    }
    body.add("pool GlobalAveragePool2d");
    body.add("logits Dense units=10");
    return new BenchmarkNetwork("resnet20", BATCH_SIZE, Shape.of(32, 32, 3), CLASSES, body);
  }

  /** A convolution without bias, and batch norm. */
  private static void normalised(List<String> body, String name, String src, String attributes) {
    body.add(name + "Conv Conv2d bias=false from=" + src + " " + attributes);
    body.add(name + "Norm BatchNorm");
  }

  /** AlexNet in one tower (Krizhevsky 2014) without dropout, 224 x 224 x 3. */
  private static BenchmarkNetwork alexnet() {
    return new BenchmarkNetwork(
        "alexnet",
        16,
        Shape.of(224, 224, 3),
        1000,
        """
        conv1 Conv2d filters=64 kernel=11 stride=4 padding=2
        relu1 Relu
        pool1 MaxPool2d kernel=3 stride=2
        conv2 Conv2d filters=192 kernel=5 padding=2
        relu2 Relu
        pool2 MaxPool2d kernel=3 stride=2
        conv3 Conv2d filters=384 kernel=3
        relu3 Relu
        conv4 Conv2d filters=256 kernel=3
        relu4 Relu
        conv5 Conv2d filters=256 kernel=3
        relu5 Relu
        pool5 MaxPool2d kernel=3 stride=2
        fc6 Dense units=4096
        relu6 Relu
        fc7 Dense units=4096
        relu7 Relu
        logits Dense units=1000
        """
            .lines()
            .toList());
  }

  /** One layer of 128 units over rows of 28 numbers; its last state is classified. */
  private static BenchmarkNetwork lstm(int steps) {
    return new BenchmarkNetwork(
        "lstm_t" + steps + "_h128",
        BATCH_SIZE,
        Shape.of(steps, 28),
        CLASSES,
        List.of("lstm Lstm units=128 sequence=false", "logits Dense units=10"));
  }
}
