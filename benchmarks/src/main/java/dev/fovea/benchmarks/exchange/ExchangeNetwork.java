package dev.fovea.benchmarks.exchange;

import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import java.util.List;

/**
 * A network that has so many weights, for its size alone.
 *
 * @param megabytes of 10^6 bytes, about
 */
public record ExchangeNetwork(double megabytes) {
  /** Gradient buckets of the trainer. */
  public static final long BUCKET_BYTES = 1 << 20;

  private static final int UNITS = 512;
  private static final int LEAST_UNITS = 128;

  /** Layers of at most 1 MiB, each about a bucket. */
  String text() {
    double floats = megabytes * 1e6 / Float.BYTES;
    int units = floats > UNITS * UNITS ? UNITS : LEAST_UNITS;
    StringBuilder text = new StringBuilder("# fovea network 1\ninput Input shape=" + units + "\n");
    for (int layer = 0; layer < Math.round(floats / (units * units)); layer++) {
      text.append("dense").append(layer).append(" Dense units=").append(units).append('\n');
    }
    return text.append("logits Dense units=2\nlabel Target shape=1\n")
        .append("loss SoftmaxCrossEntropy from=logits,label\n")
        .toString();
  }

  public NetworkDescription description() {
    return NetworkDescription.of(text(), Mode.TRAIN, List.of(), 1, 1, BUCKET_BYTES);
  }

  int floats() {
    return Math.toIntExact(description().weightCount());
  }
}
