package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.Group;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.RankReport;
import dev.fovea.core.exchange.RelayMap;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.tensor.StepSums;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebalancerTest {
  private static final long MILLIS = 1_000_000;
  private static final int EPOCHS = 10;
  private static final List<String> EXECUTORS = List.of("0", "1");

  private final Rebalancer rebalancer = new Rebalancer(true, EPOCHS);

  @Test
  void aSlowExecutorGetsFewerShards() {
    rebalancer.place(2, EXECUTORS, false);

    assertThat(rebalancer.onEpoch(epoch(0, rank(0, "1", 3000), rank(1, "0", 1000))))
        .contains(
            "shares by speed: executor 1 16 shards instead of 32 (200 rows/s), executor 0 48"
                + " shards instead of 32 (600 rows/s); saves about 1.50 of 3.00 s of computing an"
                + " epoch");

    Placement next = rebalancer.place(2, EXECUTORS, false);
    assertThat(next.executors()).isEqualTo(EXECUTORS);
    assertThat(next.shards().bounds()).containsExactly(0, 48, 64);
  }

  @Test
  void sharesThatFitAreKept() {
    rebalancer.place(2, EXECUTORS, false);
    assertThat(rebalancer.onEpoch(epoch(0, rank(0, "0", 1000), rank(1, "1", 3000)))).isPresent();
    rebalancer.place(2, EXECUTORS, false);

    for (int epoch = 1; epoch < EPOCHS; epoch++) {
      long noise = epoch % 2 == 0 ? 140 : -140; // 9 % of the epoch
      RankReport first = new RankReport(0, "0", 900, (1500 + noise) * MILLIS, 0);
      RankReport second = new RankReport(1, "1", 300, (1500 - noise) * MILLIS, 0);
      assertThat(rebalancer.onEpoch(epoch(epoch, first, second))).isEmpty();
    }
  }

  @Test
  void anExecutorThatIsFastAgainGetsItsShardsBack() {
    rebalancer.place(2, EXECUTORS, false);
    assertThat(rebalancer.onEpoch(epoch(0, rank(0, "0", 1000), rank(1, "1", 3000)))).isPresent();
    rebalancer.place(2, EXECUTORS, false);

    RankReport first = new RankReport(0, "0", 900, 1500 * MILLIS, 0);
    RankReport second = new RankReport(1, "1", 300, 500 * MILLIS, 0);
    assertThat(rebalancer.onEpoch(epoch(1, first, second))).isPresent();
    assertThat(rebalancer.place(2, EXECUTORS, false).shards().bounds()).containsExactly(0, 32, 64);
  }

  @Test
  void whatSavesLessThanAGroupCostsIsLeft() {
    rebalancer.place(2, EXECUTORS, false);

    EpochReport nextToLast = epoch(EPOCHS - 2, rank(0, "0", 1000), rank(1, "1", 3000));
    assertThat(rebalancer.onEpoch(nextToLast)).as("1.5 s, once").isEmpty();
    EpochReport last = epoch(EPOCHS - 1, rank(0, "0", 10_000), rank(1, "1", 90_000));
    assertThat(rebalancer.onEpoch(last)).isEmpty();
  }

  @Test
  void whatIsNotMostOfAnEpochIsLeft() {
    rebalancer.place(2, EXECUTORS, false);
    EpochReport mostlyExchange = report(0, 20_000 * MILLIS, rank(0, "0", 1000), rank(1, "1", 3000));

    assertThat(rebalancer.onEpoch(mostlyExchange)).isEmpty();
  }

  @Test
  void executorsThatJoinAreTakenForAsFastAsTheMean() {
    rebalancer.place(2, EXECUTORS, false);
    assertThat(rebalancer.onEpoch(epoch(0, rank(0, "0", 1000), rank(1, "1", 3000)))).isPresent();

    Placement three = rebalancer.place(3, List.of("0", "1", "2"), false);
    assertThat(three.shards().bounds()).as("1.5, 0.5, 1").containsExactly(0, 32, 43, 64);
    assertThat(rebalancer.place(1, List.of("1"), false)).isEqualTo(Placement.even(1));
  }

  @Test
  void sharesAreEvenWhereSpeedsCannotBeTold() {
    EpochReport shared = epoch(0, rank(0, "0", 1000), rank(1, "0", 3000));
    rebalancer.place(2, EXECUTORS, false);
    assertThat(rebalancer.onEpoch(shared)).as("two ranks on an executor").isEmpty();
    rebalancer.place(2, EXECUTORS, true);
    assertThat(rebalancer.onEpoch(epoch(1, rank(0, "0", 1000), rank(1, "1", 3000))))
        .as("in a tree")
        .isEmpty();
    assertThat(rebalancer.place(2, EXECUTORS, false)).isEqualTo(Placement.even(2));
  }

  @Test
  void moreRanksThanExecutorsAreNotPlaced() {
    rebalancer.place(2, EXECUTORS, false);
    assertThat(rebalancer.onEpoch(epoch(0, rank(0, "0", 1000), rank(1, "1", 3000)))).isPresent();

    assertThat(rebalancer.place(3, EXECUTORS, false)).isEqualTo(Placement.even(3));
    assertThat(rebalancer.place(2, EXECUTORS, true)).isEqualTo(Placement.even(2));
  }

  @Test
  void tasksThatGoElsewhereTwiceEndIt() {
    for (int epoch = 0; epoch < 2; epoch++) {
      rebalancer.place(2, EXECUTORS, false);
      assertThat(rebalancer.onEpoch(epoch(epoch, rank(0, "0", 1000), rank(1, "1", 3000))))
          .isPresent();
      rebalancer.misplaced();
      assertThat(rebalancer.place(2, EXECUTORS, false)).isEqualTo(Placement.even(2));
    }
    assertThat(rebalancer.onEpoch(epoch(2, rank(0, "0", 1000), rank(1, "1", 3000)))).isEmpty();
  }

  @Test
  void ranksThatMeetOnAnExecutorBecomeOne() {
    Rebalancer none = new Rebalancer(false, EPOCHS);
    assertThat(none.ranks(4, List.of("0"))).isEqualTo(4);
    assertThat(none.place(4, List.of("0"), false)).isEqualTo(Placement.even(4));
    none.onGroup(group("0", "0", "3", "0"));

    assertThat(none.meets()).isTrue();
    assertThat(none.ranks(4, List.of("0", "3"))).isEqualTo(2);
    Placement placement = none.place(2, List.of("0", "3"), false);
    assertThat(placement).isEqualTo(new Placement(ShardMap.even(2), List.of("0", "3")));
    assertThat(none.meets()).isFalse();
    none.onGroup(group("0", "3"));
    assertThat(none.meets()).isFalse();
    assertThat(none.ranks(4, List.of("0", "3", "4"))).as("and one that has come").isEqualTo(3);
  }

  @Test
  void ranksMeetWhereThereAreMoreExecutorsThanRanks() {
    rebalancer.place(2, List.of("0", "1", "2"), false);
    rebalancer.onGroup(group("1", "1"));

    assertThat(rebalancer.meets()).as("nobody knows which two Spark will take").isFalse();
  }

  @Test
  void ranksMeetOnceTasksHaveGoneElsewhereTwice() {
    rebalancer.place(2, List.of("0"), false);
    rebalancer.onGroup(group("0", "0"));
    rebalancer.misplaced();
    rebalancer.misplaced();
    assertThat(rebalancer.ranks(2, List.of("0"))).isEqualTo(2);
    rebalancer.place(2, List.of("0"), false);
    rebalancer.onGroup(group("0", "0"));

    assertThat(rebalancer.meets()).isFalse();
  }

  @Test
  void nobodyIsRebalancedWhoDoesNotWantIt() {
    Rebalancer none = new Rebalancer(false, EPOCHS);
    none.place(2, EXECUTORS, false);

    assertThat(none.onEpoch(epoch(0, rank(0, "0", 1000), rank(1, "1", 3000)))).isEmpty();
    assertThat(none.place(2, EXECUTORS, false)).isEqualTo(Placement.even(2));
  }

  private static Group group(String... executors) {
    List<Long> rows = Collections.nCopies(executors.length, 10L);
    return new Group(
        0, List.of(executors), rows, RelayMap.none(executors.length), Position.first());
  }

  /** With 600 rows. */
  private static RankReport rank(int rank, String executor, long computeMillis) {
    return new RankReport(rank, executor, 600, computeMillis * MILLIS, 0);
  }

  /** As long as the slowest computes, and a tenth more. */
  private static EpochReport epoch(long epoch, RankReport... ranks) {
    long slowest = List.of(ranks).stream().mapToLong(RankReport::computeNanos).max().orElse(0);
    return report(epoch, slowest / 10, ranks);
  }

  private static EpochReport report(long epoch, long exchange, RankReport... ranks) {
    long slowest = List.of(ranks).stream().mapToLong(RankReport::computeNanos).max().orElse(0);
    return new EpochReport(
        epoch,
        10 * (epoch + 1),
        1200,
        StepSums.ZERO,
        0,
        StepSums.ZERO,
        0.1,
        new StepNanos(slowest, exchange, 0, 0),
        0,
        List.of(ranks));
  }
}
