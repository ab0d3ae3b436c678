package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.runtime.Replica;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The laws of synchronous averaging, through relays. */
@Timeout(60)
class TreeLawTest {
  private static final String NETWORK =
      """
      # fovea network 1
      image Input shape=6,6,2 dtype=uint8 mean=100 std=60
      conv Conv2d filters=4 kernel=3
      norm BatchNorm
      relu Relu
      drop Dropout rate=0.25
      hidden Dense units=8 l2=0.001
      logits Dense units=3
      label Target shape=1
      loss SoftmaxCrossEntropy from=logits,label
      """;

  private static final double ROUNDING = 1e-5;
  private static final RelayMap TWO = new RelayMap(List.of(0, 2, 4));
  private static final RelayMap THREE = new RelayMap(List.of(0, 1, 4, 6));
  private static final Long[] FOUR_RANKS = {96L, 64L, 128L, 96L};

  private final TestTraining training = new TestTraining(NETWORK, 384, 128, 2);

  @AfterEach
  void noReplicaIsLeftOpen() {
    assertThat(Replica.openCount()).isZero();
  }

  @Test
  void ranksThroughTwoRelaysAreOneReplica() {
    float[] one = training.run(384L);
    float[] many = training.relays(TWO).run(FOUR_RANKS);

    assertThat(many).isNotEqualTo(new float[many.length]);
    assertThat(TestTraining.difference(one, many)).isCloseTo(0, within(ROUNDING));
  }

  @Test
  void ranksThroughThreeUnequalRelaysAreOneReplica() {
    float[] one = training.run(384L);
    float[] many = training.relays(THREE).run(64L, 0L, 96L, 64L, 96L, 64L);

    assertThat(TestTraining.difference(one, many)).isCloseTo(0, within(ROUNDING));
  }

  @Test
  void theOrderInWhichRanksArriveDoesNotMatter() {
    training.relays(TWO);
    float[] inOrder = training.run(delayed(1, 0), FOUR_RANKS);
    float[] inReverse = training.run(delayed(-1, 3), FOUR_RANKS);

    assertThat(inReverse).isEqualTo(inOrder);
    assertThat(training.run(FOUR_RANKS)).isEqualTo(inOrder);
  }

  /** Ranks 0 and 2 lead. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "1, 2", "2, 1", "3, 2"})
  void aRankLostInMidStepChangesNothing(int lost, int beforeBucket) {
    float[] undisturbed = training.relays(TWO).run(FOUR_RANKS);
    Set<Integer> groups = ConcurrentHashMap.newKeySet();

    float[] disturbed =
        training.run(
            (rank, attempt, step, bucket) -> {
              groups.add(attempt);
              if (rank == lost && attempt == 0 && step == 3 && bucket == beforeBucket) {
                Thread.sleep(20); // the others are waiting; buckets before this one are stepped
                throw new CancellationException("lost");
              }
            },
            FOUR_RANKS);

    assertThat(disturbed).isEqualTo(undisturbed);
    assertThat(groups).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void ranksLostInOneGroupAfterTheOtherChangeNothing() {
    float[] undisturbed = training.relays(TWO).run(FOUR_RANKS);

    float[] disturbed =
        training.run(
            (rank, attempt, step, bucket) -> {
              if (attempt < 4 && rank == attempt && step == 2 + attempt / 2 && bucket == 1) {
                throw new CancellationException("lost");
              }
            },
            FOUR_RANKS);

    assertThat(disturbed).isEqualTo(undisturbed);
  }

  private static TestTraining.BeforePart delayed(int sign, int from) {
    return (rank, attempt, step, bucket) -> Thread.sleep(4L * (from + sign * rank));
  }
}
