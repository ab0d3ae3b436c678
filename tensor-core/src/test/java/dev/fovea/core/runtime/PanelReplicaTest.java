package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica computes where a layer is large enough to run by panels of its weights. */
@ExtendWith(NoOpenReplicas.class)
class PanelReplicaTest {
  private static final int FLOATS = 64;
  private static final int CLASSES = 5;
  private static final int ROWS = 40;
  private static final StepKey KEY = new StepKey(11, 5, 0);

  /** The weights of `large` take more than 4 MB. */
  private static final String TEXT =
      """
      # fovea network 1
      image   Input               shape=64
      small   Dense               units=1024
      relu1   Relu
      large   Dense               units=1030
      relu2   Relu
      drop    Dropout             rate=0.25
      logits  Dense               units=5
      label   Target              shape=1
      loss    SoftmaxCrossEntropy from=logits,label
      """;

  private static final ByteBuffer RECORDS = records();

  private static ByteBuffer records() {
    Random random = new Random(2);
    ByteBuffer records = AlignedMemory.allocate(ROWS * (FLOATS + 2L) * Float.BYTES);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < FLOATS; i++) {
        records.putFloat((float) random.nextGaussian());
      }
      records.putFloat(random.nextInt(CLASSES)).putFloat(0.5f + random.nextFloat());
    }
    return records.clear();
  }

  private static GradientSum gradient(int lanes, int rows, long bucketBytes) {
    try (Replica replica = Replica.training(TEXT, lanes, ROWS, bucketBytes)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      replica.addGradient(RECORDS, rows, weights, sum, KEY, BucketListener.NONE);
      return sum;
    }
  }

  private static float[] slice(NetworkDescription description, String name, GradientSum sum) {
    ParameterInfo parameter = description.parameter(name).orElseThrow();
    int begin = (int) parameter.offset();
    return Arrays.copyOfRange(sum.toArray(), begin, begin + (int) parameter.count());
  }

  @ParameterizedTest
  @CsvSource({"2,40", "3,40", "2,7", "3,1", "5,33"})
  void anyNumberOfLanesGivesTheSameGradient(int lanes, int rows) {
    GradientSum one = gradient(1, rows, NetworkDescription.ONE_BUCKET);

    GradientSum many = gradient(lanes, rows, NetworkDescription.ONE_BUCKET);

    SmallNetwork.assertClose(many, one);
    NetworkDescription description =
        NetworkDescription.of(TEXT, Mode.TRAIN, List.of(), ROWS, lanes, 1);
    assertThat(slice(description, "large.weight", many))
        .isEqualTo(slice(description, "large.weight", one));
    assertThat(slice(description, "large.bias", many))
        .isEqualTo(slice(description, "large.bias", one));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStepRepeatsBitForBit(int lanes) {
    GradientSum first = gradient(lanes, ROWS, NetworkDescription.ONE_BUCKET);
    GradientSum again = gradient(lanes, ROWS, NetworkDescription.ONE_BUCKET);

    assertThat(again.toArray()).isEqualTo(first.toArray());
    assertThat(again.sums()).isEqualTo(first.sums());
  }

  @Test
  void stepsOfOneReplicaAddUp() {
    try (Replica replica = Replica.training(TEXT, 2, ROWS, 1)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum once = GradientSum.allocate(weights.count());
      GradientSum twice = GradientSum.allocate(weights.count());
      replica.addGradient(RECORDS, ROWS, weights, once, KEY, BucketListener.NONE);
      replica.addGradient(RECORDS, ROWS, weights, twice, KEY, BucketListener.NONE);
      replica.addGradient(RECORDS, ROWS, weights, twice, KEY, BucketListener.NONE);

      once.add(once);

      SmallNetwork.assertClose(twice, once);
    }
  }

  @Test
  void bucketsArriveInOrderAndStayAsTheyAre() {
    try (Replica replica = Replica.training(TEXT, 2, ROWS, 1)) {
      SmallNetwork.assertBucketsArriveFinal(replica, RECORDS, ROWS);

      assertThat(replica.description().buckets()).hasSize(3);
      assertThat(replica.description().segments()).hasSizeGreaterThan(3);
    }
  }

  @Test
  void aStepWithoutRowsAddsNothingAndCompletesItsBuckets() {
    try (Replica replica = Replica.training(TEXT, 2, ROWS, 1)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      List<Integer> heard = new ArrayList<>();
      replica.addGradient(RECORDS, 0, weights, sum, KEY, bucket -> heard.add(bucket.index()));

      assertThat(sum.toArray()).containsOnly(0f);
      assertThat(heard).containsExactly(0, 1, 2);
    }
  }

  @Test
  void lanesHoldNoGradientOfTheirOwnForTheLargeLayer() {
    NetworkDescription description =
        NetworkDescription.of(TEXT, Mode.TRAIN, List.of(), ROWS, 2, NetworkDescription.ONE_BUCKET);

    assertThat(description.weightCount() - description.laneGradientCount())
        .isEqualTo(1024L * 1030 + 1040);
    assertThat(description.laneStretches()).hasSize(2);
    assertThat(description.arenaBytes()).isLessThan(4L << 20);
  }

  @Test
  void evaluationGivesTheSameSumsOnAnyNumberOfLanes() {
    try (Replica one = Replica.evaluating(TEXT, 1, ROWS);
        Replica three = Replica.evaluating(TEXT, 3, ROWS)) {
      Weights weights = SmallNetwork.weights(one, 3);

      StepSums expected = one.evaluate(RECORDS, ROWS, weights);
      StepSums sums = three.evaluate(RECORDS, ROWS, weights);

      assertThat(expected.loss()).isPositive();
      assertThat(sums.weight()).isCloseTo(expected.weight(), within(1e-9));
      assertThat(sums.loss()).isCloseTo(expected.loss(), within(1e-4));
      assertThat(sums.correct()).isCloseTo(expected.correct(), within(1e-9));
    }
  }

  @Test
  void predictionsDoNotDependOnTheirCompany() {
    try (Replica replica = Replica.evaluating(TEXT, 1, ROWS)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      try (Predictor predictor = Predictor.of(TEXT, List.of("logits"), ROWS, weights)) {
        ByteBuffer pixels = AlignedMemory.allocate((long) ROWS * FLOATS * Float.BYTES);
        Random random = new Random(5);
        for (int i = 0; i < ROWS * FLOATS; i++) {
          pixels.putFloat(i * Float.BYTES, (float) random.nextGaussian());
        }
        float[] all = predict(predictor, pixels, ROWS);
        for (int row = 0; row < ROWS; row += 13) {
          ByteBuffer one = AlignedMemory.allocate(FLOATS * Float.BYTES);
          one.put(0, pixels, row * FLOATS * Float.BYTES, FLOATS * Float.BYTES);
          assertThat(predict(predictor, one, 1))
              .isEqualTo(Arrays.copyOfRange(all, row * CLASSES, (row + 1) * CLASSES));
        }
      }
    }
  }

  private static float[] predict(Predictor predictor, ByteBuffer pixels, int rows) {
    ByteBuffer outputs = AlignedMemory.allocate((long) rows * CLASSES * Float.BYTES);
    predictor.predict(pixels, rows, outputs);
    float[] values = new float[rows * CLASSES];
    outputs.asFloatBuffer().get(values);
    return values;
  }
}
