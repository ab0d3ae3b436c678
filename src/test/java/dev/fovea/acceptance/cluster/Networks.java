package dev.fovea.acceptance.cluster;

/**
 * Networks for {@link dev.fovea.acceptance.BandImages}. They have no Relu and no maximum: at the
 * edge of one, the rounding of a sum in another order can decide what a row's gradient is, and the
 * same training on other executors would end a thousand times further off than rounding explains.
 */
final class Networks {
  /** 2.4 MB: several gradient buckets, and some milliseconds a step. */
  static final String PLAIN = text("", 16, 32, 256, 1024);

  /** Its statistics, too, are sums over all ranks. */
  static final String BATCH_NORM = text("norm1 BatchNorm\n", 16, 32, 256, 1024);

  /** A fraction of the weights, and forty times the computing. */
  static final String COMPUTE = text("", 128, 192, 32, 32);

  private Networks() {}

  private static String text(String norm, int filters1, int filters2, int units3, int units4) {
    return """
    # fovea network 1
    image Input shape=12,12,1 dtype=uint8 mean=127.5 std=127.5
    conv1 Conv2d filters=%d kernel=3
    %sconv2 Conv2d filters=%d kernel=3
    pool2 AveragePool2d kernel=2 stride=2
    hidden3 Dense units=%d
    hidden4 Dense units=%d
    logits Dense units=3
    label Target shape=1
    loss SoftmaxCrossEntropy from=logits,label
    """
        .formatted(filters1, norm, filters2, units3, units4);
  }
}
