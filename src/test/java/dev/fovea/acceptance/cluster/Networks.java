package dev.fovea.acceptance.cluster;

/**
 * Networks for {@link dev.fovea.acceptance.BandImages}, of 2.4 MB: several gradient buckets, and
 * some milliseconds a step.
 */
final class Networks {
  static final String PLAIN = text("");

  /** Its statistics, too, are sums over all ranks. */
  static final String BATCH_NORM = text("norm1 BatchNorm\n");

  private Networks() {}

  private static String text(String norm) {
    return """
    # fovea network 1
    image Input shape=12,12,1 dtype=uint8 mean=127.5 std=127.5
    conv1 Conv2d filters=16 kernel=3
    %srelu1 Relu
    conv2 Conv2d filters=32 kernel=3
    relu2 Relu
    pool2 MaxPool2d kernel=2 stride=2
    hidden3 Dense units=256
    relu3 Relu
    hidden4 Dense units=1024
    relu4 Relu
    logits Dense units=3
    label Target shape=1
    loss SoftmaxCrossEntropy from=logits,label
    """
        .formatted(norm);
  }
}
