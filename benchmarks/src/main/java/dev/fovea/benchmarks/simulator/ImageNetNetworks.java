package dev.fovea.benchmarks.simulator;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.core.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Large networks, for the size of their layers: images of 224 x 224 x 3, 1000 classes. */
final class ImageNetNetworks {
  private static final Shape IMAGE = Shape.of(224, 224, 3);
  private static final int CLASSES = 1000;
  private static final int ROWS = 64;

  private ImageNetNetworks() {}

  /** Configuration D of Simonyan and Zisserman 2015, without dropout. */
  static BenchmarkNetwork vgg16() {
    int[] filters = {64, 128, 256, 512, 512};
    int[] convolutions = {2, 2, 3, 3, 3};
    List<String> body = new ArrayList<>();
    for (int block = 0; block < filters.length; block++) {
      for (int i = 0; i < convolutions[block]; i++) {
        String name = block + "_" + i;
        body.add("conv" + name + " Conv2d kernel=3 filters=" + filters[block]);
        body.add("relu" + name + " Relu");
      }
      body.add("pool" + block + " MaxPool2d kernel=2 stride=2");
    }
    body.add("fc6 Dense units=4096");
    body.add("relu6 Relu");
    body.add("fc7 Dense units=4096");
    body.add("relu7 Relu");
    body.add("logits Dense units=" + CLASSES);
    return new BenchmarkNetwork("vgg16", ROWS, IMAGE, CLASSES, body);
  }

  /** ResNet-50 of He et al. 2016, the stride in the 3 x 3 convolutions. */
  static BenchmarkNetwork resnet50() {
    int[] blocks = {3, 4, 6, 3};
    List<String> body = new ArrayList<>();
    normalised(body, "stem", "image", "filters=64 kernel=7 stride=2 padding=3");
    body.add("reluStem Relu");
    body.add("pool MaxPool2d kernel=3 stride=2 padding=1");
    String src = "pool";
    for (int stage = 0; stage < blocks.length; stage++) {
      int filters = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        src = bottleneck(body, stage + "_" + block, src, filters, stride, block == 0);
      }
    }
    body.add("mean GlobalAveragePool2d");
    body.add("logits Dense units=" + CLASSES);
    return new BenchmarkNetwork("resnet50", ROWS, IMAGE, CLASSES, body);
  }

  private static String bottleneck(
      List<String> body, String name, String src, int filters, int stride, boolean projects) {
    String wide = "filters=" + 4 * filters + " kernel=1";
    normalised(body, "a" + name, src, "filters=" + filters + " kernel=1");
    body.add("reluA" + name + " Relu");
    String middle = "filters=" + filters + " kernel=3 padding=1 stride=" + stride;
    normalised(body, "b" + name, "reluA" + name, middle);
    body.add("reluB" + name + " Relu");
    normalised(body, "c" + name, "reluB" + name, wide);
    String skip = src;
    if (projects) {
      normalised(body, "p" + name, src, wide + " stride=" + stride);
      skip = "p" + name + "Norm";
    }
    body.add("sum" + name + " Add from=c" + name + "Norm," + skip);
    body.add("relu" + name + " Relu");
    return "relu" + name;
  }

  private static void normalised(List<String> body, String name, String src, String attributes) {
    body.add(name + "Conv Conv2d bias=false from=" + src + " " + attributes);
    body.add(name + "Norm BatchNorm");
  }
}
