package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica computes. */
@ExtendWith(NoOpenReplicas.class)
class ReplicaTest {
  private static final StepKey KEY = SmallNetwork.KEY;
  private static final int ROWS = SmallNetwork.ROWS;
  private static final ByteBuffer RECORDS = SmallNetwork.RECORDS;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void anyNumberOfLanesGivesTheSameGradientUpToRounding(int lanes) {
    GradientSum one = SmallNetwork.gradient(SmallNetwork.TEXT, 1, SmallNetwork.SMALL_BUCKETS);

    GradientSum many = SmallNetwork.gradient(SmallNetwork.TEXT, lanes, SmallNetwork.SMALL_BUCKETS);

    SmallNetwork.assertClose(many, one);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStepRepeatsBitForBit(int lanes) {
    GradientSum first = SmallNetwork.gradient(SmallNetwork.TEXT, lanes, SmallNetwork.SMALL_BUCKETS);
    GradientSum again = SmallNetwork.gradient(SmallNetwork.TEXT, lanes, SmallNetwork.SMALL_BUCKETS);

    assertThat(again.toArray()).isEqualTo(first.toArray());
    assertThat(again.sums()).isEqualTo(first.sums());
  }

  @Test
  void bucketsDoNotChangeTheGradient() {
    GradientSum buckets = SmallNetwork.gradient(SmallNetwork.TEXT, 2, SmallNetwork.SMALL_BUCKETS);
    GradientSum whole = SmallNetwork.gradient(SmallNetwork.TEXT, 2, NetworkDescription.ONE_BUCKET);

    SmallNetwork.assertClose(buckets, whole);
  }

  @Test
  void twoReplicasOfHalfTheRowsGiveTheGradientOfOne() {
    GradientSum whole =
        SmallNetwork.gradient(SmallNetwork.WITHOUT_NORM, 1, SmallNetwork.SMALL_BUCKETS);

    try (Replica left = Replica.training(SmallNetwork.WITHOUT_NORM, 2, ROWS, 1 << 20);
        Replica right = Replica.training(SmallNetwork.WITHOUT_NORM, 1, ROWS, 1 << 20)) {
      Weights weights = SmallNetwork.weights(left, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      ByteBuffer first = SmallNetwork.rows(RECORDS, 0, 40);
      ByteBuffer second = SmallNetwork.rows(RECORDS, 40, 56);
      left.addGradient(first, 40, weights, sum, KEY, BucketListener.NONE);
      right.addGradient(second, 56, weights, sum, new StepKey(42, 7, 40), BucketListener.NONE);

      SmallNetwork.assertClose(sum, whole);
    }
  }

  @Test
  void theGradientIsAddedToWhatIsThere() {
    try (Replica replica = SmallNetwork.training(2)) {
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
  void theSumsAreThoseOfTheRows() {
    double weight = 0;
    for (int row = 0; row < ROWS; row++) {
      weight += RECORDS.getFloat((row * (SmallNetwork.PIXELS + 2) + SmallNetwork.PIXELS + 1) * 4);
    }

    GradientSum sum = SmallNetwork.gradient(SmallNetwork.TEXT, 2, SmallNetwork.SMALL_BUCKETS);

    assertThat(sum.weightSum()).isCloseTo(weight, within(1e-9));
    assertThat(sum.lossSum() / weight).isBetween(0.5, 5.0);
    assertThat(sum.correctSum()).isBetween(0.0, weight);
  }

  @Test
  void bucketsArriveInOrderAndStayAsTheyAre() {
    try (Replica replica = SmallNetwork.training(2)) {
      SmallNetwork.assertBucketsArriveFinal(replica, RECORDS, ROWS);

      NetworkDescription description = replica.description();
      List<NetworkDescription.Bucket> buckets = description.buckets();
      assertThat(buckets).hasSizeGreaterThan(2);
      assertThat(description.segments()).hasSameSizeAs(buckets);
      assertThat(buckets.stream().mapToLong(NetworkDescription.Bucket::count).sum())
          .isEqualTo(description.weightCount());
    }
  }

  @Test
  void aStepWithoutRowsAddsNothingAndCompletesItsBuckets() {
    try (Replica replica = SmallNetwork.training(2)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      List<Integer> heard = new ArrayList<>();
      replica.addGradient(RECORDS, 0, weights, sum, KEY, bucket -> heard.add(bucket.index()));

      assertThat(sum.toArray()).containsOnly(0f);
      assertThat(sum.sums()).isEqualTo(StepSums.ZERO);
      assertThat(heard).hasSameSizeAs(replica.description().buckets());
    }
  }

  @Test
  void evaluationGivesTheSameSumsOnAnyNumberOfLanes() {
    try (Replica one = Replica.evaluating(SmallNetwork.TEXT, 1, ROWS);
        Replica three = Replica.evaluating(SmallNetwork.TEXT, 3, ROWS)) {
      Weights weights = SmallNetwork.weights(one, 3);

      StepSums expected = one.evaluate(RECORDS, ROWS, weights);
      StepSums sums = three.evaluate(RECORDS, ROWS, weights);

      assertThat(sums.weight()).isCloseTo(expected.weight(), within(1e-9));
      assertThat(sums.loss()).isCloseTo(expected.loss(), within(1e-4));
      assertThat(sums.correct()).isCloseTo(expected.correct(), within(1e-9));
      assertThat(three.evaluate(RECORDS, ROWS, weights)).isEqualTo(sums);
    }
  }

  @Test
  void aStepOfStretchesIsTheSumOfACallEach() {
    int[] ends = {20, 32, 75, ROWS};
    try (Replica together = Replica.training(SmallNetwork.TEXT, 3, ROWS, 4, 256);
        Replica apart = SmallNetwork.training(1)) {
      Weights weights = SmallNetwork.weights(together, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      GradientSum again = GradientSum.allocate(weights.count());
      GradientSum expected = GradientSum.allocate(weights.count());
      together.addGradient(RECORDS, ends, weights, sum, KEY, BucketListener.NONE);
      together.addGradient(RECORDS, ends, weights, again, KEY, BucketListener.NONE);
      int begin = 0;
      for (int end : ends) {
        ByteBuffer rows = SmallNetwork.rows(RECORDS, begin, end - begin);
        StepKey key = new StepKey(42, 7, begin);
        apart.addGradient(rows, end - begin, weights, expected, key, BucketListener.NONE);
        begin = end;
      }

      SmallNetwork.assertClose(sum, expected);
      assertThat(again.toArray()).isEqualTo(sum.toArray());
      SmallNetwork.assertBucketsArriveFinal(together, RECORDS, ROWS);
    }
  }

  @Test
  void withoutBatchNormStretchesMakeNoDifference() {
    try (Replica replica = Replica.training(SmallNetwork.WITHOUT_NORM, 2, ROWS, 4, 256)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum whole = GradientSum.allocate(weights.count());
      GradientSum stretches = GradientSum.allocate(weights.count());
      replica.addGradient(RECORDS, ROWS, weights, whole, KEY, BucketListener.NONE);
      replica.addGradient(
          RECORDS, new int[] {3, 50, 51, ROWS}, weights, stretches, KEY, BucketListener.NONE);

      assertThat(stretches.toArray()).isEqualTo(whole.toArray());
    }
  }

  @Test
  void weightsAreAFunctionOfTheSeed() {
    try (Replica replica = SmallNetwork.training(1)) {
      float[] first = SmallNetwork.weights(replica, 3).toArray();

      assertThat(SmallNetwork.weights(replica, 3).toArray()).isEqualTo(first);
      assertThat(SmallNetwork.weights(replica, 4).toArray()).isNotEqualTo(first);
    }
  }
}
