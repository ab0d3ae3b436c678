package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A network of all kinds of segments, and random rows for it. */
final class SmallNetwork {
  static final String TEXT =
      """
      # fovea network 1
      image   Input               shape=6,6,2
      conv1   Conv2d              filters=8 kernel=3
      norm1   BatchNorm
      relu1   Relu
      conv2   Conv2d              from=relu1 filters=8 kernel=3
      pool1   MaxPool2d           kernel=2 stride=2
      flat    Flatten
      drop    Dropout             rate=0.25
      logits  Dense               units=3
      label   Target              shape=1
      loss    SoftmaxCrossEntropy from=logits,label
      """;

  /** Without what couples rows: rows may be spread over calls as one likes. */
  static final String WITHOUT_NORM =
      TEXT.replace("norm1   BatchNorm\n", "").replace("from=relu1 ", "");

  static final int PIXELS = 6 * 6 * 2;
  static final int CLASSES = 3;

  /** Several buckets. */
  static final long SMALL_BUCKETS = 256;

  static final StepKey KEY = new StepKey(42, 7, 0);
  static final int ROWS = 96;
  static final ByteBuffer RECORDS = records(ROWS, 1);

  private SmallNetwork() {}

  /** Records for training and evaluation, row weights between 0.5 and 1.5. */
  static ByteBuffer records(int rows, long seed) {
    Random random = new Random(seed);
    ByteBuffer records = AlignedMemory.allocate(rows * (PIXELS + 2L) * Float.BYTES);
    for (int row = 0; row < rows; row++) {
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        records.putFloat((float) random.nextGaussian());
      }
      records.putFloat(random.nextInt(CLASSES));
      records.putFloat(0.5f + random.nextFloat());
    }
    return records.clear();
  }

  /** Rows {@code [begin, begin + rows)} of records. */
  static ByteBuffer rows(ByteBuffer records, int begin, int rows) {
    int rowBytes = (PIXELS + 2) * Float.BYTES;
    ByteBuffer part = AlignedMemory.allocate((long) rows * rowBytes);
    part.put(0, records, begin * rowBytes, rows * rowBytes);
    return part;
  }

  static Weights weights(Replica replica, long seed) {
    Weights weights = Weights.allocate(replica.description().weightCount());
    replica.initialize(seed, weights);
    return weights;
  }

  /** A replica of several buckets. */
  static Replica training(int lanes) {
    return Replica.training(TEXT, lanes, ROWS, SMALL_BUCKETS);
  }

  /** The gradient of all records in one step. */
  static GradientSum gradient(String network, int lanes, long bucketBytes) {
    try (Replica replica = Replica.training(network, lanes, ROWS, bucketBytes)) {
      Weights weights = weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      replica.addGradient(RECORDS, ROWS, weights, sum, KEY, BucketListener.NONE);
      return sum;
    }
  }

  /** In one step all buckets arrive, in order, and what each holds then is what stays. */
  static void assertBucketsArriveFinal(Replica replica, ByteBuffer records, int rows) {
    Weights weights = weights(replica, 3);
    GradientSum sum = GradientSum.allocate(weights.count());
    List<NetworkDescription.Bucket> heard = new ArrayList<>();
    float[] atArrival = new float[(int) weights.count()];
    replica.addGradient(
        records,
        rows,
        weights,
        sum,
        KEY,
        bucket -> {
          assertThat(sum.weightSum()).isPositive();
          heard.add(bucket);
          sum.floats()
              .get((int) bucket.offset(), atArrival, (int) bucket.offset(), (int) bucket.count());
        });
    assertThat(heard).isEqualTo(replica.description().buckets());
    assertThat(atArrival).isEqualTo(sum.toArray());
  }

  /** Sums of some hundred terms of size 1, in float: 1e-4 absolute is generous rounding. */
  static void assertClose(GradientSum actual, GradientSum expected) {
    float[] a = actual.toArray();
    float[] b = expected.toArray();
    assertThat(a).hasSameSizeAs(b);
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      assertThat((double) a[i])
          .as("float %d", i)
          .isCloseTo(b[i], within(1e-4 * Math.max(1, Math.abs(b[i]))));
      largest = Math.max(largest, Math.abs(b[i]));
    }
    assertThat(largest).as("largest gradient").isGreaterThan(0.1);
    assertThat(actual.weightSum()).isCloseTo(expected.weightSum(), within(1e-9));
    assertThat(actual.lossSum()).isCloseTo(expected.lossSum(), within(1e-4));
    assertThat(actual.correctSum()).isCloseTo(expected.correctSum(), within(1e-9));
  }
}
