package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.runtime.Replica;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws of synchronous averaging, which the exchange keeps whatever carries its messages. The
 * network has what could break them: batch norm, whose statistics join rows, and dropout.
 */
class SynchronousAveragingLawTest {
  private static final String NETWORK =
      """
      # fovea network 1
      image Input shape=6,6,2 dtype=uint8 mean=100 std=60
      conv Conv2d filters=4 kernel=3
      norm BatchNorm
      relu Relu
      pool MaxPool2d kernel=2 stride=2
      drop Dropout rate=0.25
      hidden Dense units=8 l2=0.001
      logits Dense units=3
      label Target shape=1
      loss SoftmaxCrossEntropy from=logits,label
      """;

  private static final double ROUNDING = 1e-5;

  /** 12 normalisation groups of 32 rows, 4 a step, so that every share is whole groups. */
  private final TestTraining training = new TestTraining(NETWORK, 384, 128, 2);

  @AfterEach
  void noReplicaIsLeftOpen() {
    assertThat(Replica.openCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void replicasOfOneShareEachAreOneReplicaOfThemAll(int ranks) {
    Long[] rowsOfRanks = new Long[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      rowsOfRanks[rank] = 384L / ranks;
    }

    float[] one = training.run(384L);
    float[] many = training.run(rowsOfRanks);

    assertThat(many).isNotEqualTo(new float[many.length]);
    assertThat(TestTraining.difference(one, many)).isCloseTo(0, within(ROUNDING));
  }

  @Test
  void theStatisticsOfBatchNormAreThoseOfOneReplica() {
    float[] one = training.run(384L);
    float[] many = training.run(192L, 192L);
    int mean = offset("norm.mean");

    assertThat(one[mean]).isNotZero();
    assertThat(many[mean]).isCloseTo(one[mean], within(1e-5f * Math.abs(one[mean])));
  }

  /** Groups of 32 rows, and what is left of each shard: from 9 to 31 rows. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void shardsThatAreNoWholeGroupsAreOneReplicaOfThemAll(int ranks) {
    List<Long> rowsOfShards =
        LongStream.range(0, ShardMap.SHARDS).mapToObj(shard -> 32 + 9 + shard * 7 % 23).toList();
    int rows = rowsOfShards.stream().mapToInt(Long::intValue).sum();
    TestTraining ragged = new TestTraining(NETWORK, rows, 128, 1);

    float[] one = ragged.runShards(rowsOfShards, 1);
    float[] many = ragged.runShards(rowsOfShards, ranks);

    assertThat(TestTraining.difference(one, many)).isCloseTo(0, within(ROUNDING));
  }

  /** A group ends where its shard's rows of the step do, not where groups of 32 would. */
  @ParameterizedTest
  @ValueSource(ints = {20, 48, 64})
  void groupsOfAnySizeAreThoseOfOneReplica(int normalizationRows) {
    String network =
        NETWORK.replace("BatchNorm", "BatchNorm normalizationRows=" + normalizationRows);
    List<Long> rowsOfShards = Collections.nCopies(ShardMap.SHARDS, 48L);
    TestTraining grouped = new TestTraining(network, ShardMap.SHARDS * 48, 256, 1);

    float[] one = grouped.runShards(rowsOfShards, 1);
    float[] many = grouped.runShards(rowsOfShards, 5);

    assertThat(TestTraining.difference(one, many)).isCloseTo(0, within(ROUNDING));
  }

  @Test
  void unequalPartsWeighByTheirRows() {
    float[] one = training.run(384L);

    assertThat(TestTraining.difference(one, training.run(288L, 96L)))
        .isCloseTo(0, within(ROUNDING));
    assertThat(TestTraining.difference(one, training.run(0L, 224L, 160L)))
        .isCloseTo(0, within(ROUNDING));
  }

  @Test
  void raggedSharesAreExactWhereNoLayerJoinsRows() {
    String withoutNorm = NETWORK.replace("norm BatchNorm\n", "");
    TestTraining ragged = new TestTraining(withoutNorm, 401, 75, 3);

    float[] one = ragged.run(401L);

    assertThat(TestTraining.difference(one, ragged.run(7L, 250L, 0L, 144L)))
        .isCloseTo(0, within(ROUNDING));
  }

  @Test
  void unequalRowWeightsCountOnceOverAllReplicas() {
    TestTraining weighted =
        new TestTraining(NETWORK, 384, 128, 2).rowWeights(1, 0, 2.5, 0.25, 1, 1, 3);

    float[] one = weighted.run(384L);

    assertThat(one).isNotEqualTo(training.run(384L));
    assertThat(TestTraining.difference(one, weighted.run(192L, 192L)))
        .isCloseTo(0, within(ROUNDING));
  }

  @Test
  void lanesChangeNothingBeyondRounding() {
    float[] one = training.run(384L);

    assertThat(TestTraining.difference(one, training.lanes(3).run(384L)))
        .isCloseTo(0, within(ROUNDING));
  }

  @Test
  void aRepeatedTrainingIsBitIdentical() {
    float[] first = training.lanes(2).run(192L, 192L);

    assertThat(training.run(192L, 192L)).isEqualTo(first);
  }

  @Test
  void theOrderInWhichRanksArriveDoesNotMatter() {
    float[] ranksInOrder = training.run(delay(rank -> 8L * rank), 160L, 128L, 96L);
    float[] ranksInReverse = training.run(delay(rank -> 8L * (2 - rank)), 160L, 128L, 96L);

    assertThat(ranksInReverse).isEqualTo(ranksInOrder);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aRankLostInMidStepAndStartedAgainChangesNothing(int lostBefore) {
    float[] undisturbed = training.run(192L, 192L);

    float[] disturbed =
        training.run(
            (rank, attempt, step, bucket) -> {
              if (rank == 1 && attempt == 0 && step == 3 && bucket == lostBefore) {
                Thread.sleep(20); // rank 0 is waiting; buckets before this one are stepped
                throw new CancellationException("lost");
              }
            },
            192L,
            192L);

    assertThat(disturbed).isEqualTo(undisturbed);
  }

  @Test
  void aRankInPlaceIsOneWithWeightsOfItsOwn() {
    float[] own = training.oneBucket().run(384L);

    assertThat(training.inPlace().run(384L)).isEqualTo(own);
  }

  @Test
  void aRankInPlaceThatIsLostAndStartedAgainChangesNothing() {
    float[] undisturbed = training.inPlace().run(384L);

    float[] disturbed =
        training.run(
            (rank, attempt, step, bucket) -> {
              if (attempt == 0 && step == 3) {
                throw new CancellationException("lost");
              }
            },
            384L);

    assertThat(disturbed).isEqualTo(undisturbed);
  }

  @Test
  void everyRankLostAtSomeTimeChangesNothing() {
    float[] undisturbed = training.run(192L, 192L);

    float[] disturbed =
        training.run(
            (rank, attempt, step, bucket) -> {
              if (attempt < 3 && step == 2 + attempt + rank && bucket == attempt) {
                throw new CancellationException("lost");
              }
            },
            192L,
            192L);

    assertThat(disturbed).isEqualTo(undisturbed);
  }

  private interface Delay {
    long millis(int rank);
  }

  private static TestTraining.BeforePart delay(Delay delay) {
    return (rank, attempt, step, bucket) -> Thread.sleep(delay.millis(rank));
  }

  private static int offset(String parameter) {
    try (Replica replica = Replica.training(NETWORK, 1, 1, 1)) {
      return (int) replica.description().parameter(parameter).orElseThrow().offset();
    }
  }
}
