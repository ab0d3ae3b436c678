package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepSharesTest {
  @Test
  void oneRankTakesTheBatchAndTheLastStepIsShort() {
    StepShares shares = StepShares.of(List.of(250L), 100, 32, 0, 1);

    assertThat(shares.stepsPerEpoch()).isEqualTo(3);
    assertThat(rows(shares)).containsExactly(100, 100, 50);
    assertThat(shares.position(2, 0)).isEqualTo(200);
    assertThat(shares.firstRow(2)).isZero();
    assertThat(shares.maxRows()).isEqualTo(100);
  }

  @Test
  void aStepTakesWholeUnitsFromEachShardWhereItCan() {
    List<Long> rowsOfShards = List.of(600L, 300L, 300L);

    StepShares all = StepShares.of(rowsOfShards, 128, 32, 0, 3);

    assertThat(rowsOf(all, 0)).containsExactly(64, 64, 64, 64, 64, 64, 64, 64, 64, 24);
    for (int shard = 0; shard < 3; shard++) {
      int[] rows = rowsOf(all, shard);
      for (int step = 0; step < all.stepsPerEpoch() - 1; step++) {
        assertThat(rows[step] % 32).as("shard %d, step %d", shard, step).isZero();
      }
    }
  }

  @Test
  void aRankWithoutRowsGetsNone() {
    StepShares shares = StepShares.of(List.of(0L, 64L), 32, 8, 0, 1);

    assertThat(rows(shares)).containsExactly(0, 0);
    assertThat(shares.maxRows()).isZero();
  }

  /** What lets rows be dealt anew between two steps. */
  @Test
  void whatAShardGivesDoesNotDependOnWhoOwnsIt() {
    List<Long> rowsOfShards = randomShards(new Random(3), 64, 200);

    StepShares all = StepShares.of(rowsOfShards, 96, 4, 0, 64);
    StepShares some = StepShares.of(rowsOfShards, 96, 4, 20, 31);

    for (int shard = 20; shard < 31; shard++) {
      assertThat(rowsOf(some, shard)).isEqualTo(rowsOf(all, shard));
    }
  }

  /** With shards of about one size no rank waits long for another, whatever their number. */
  @Test
  void ranksHaveAboutTheirPartOfEveryStep() {
    Random random = new Random(5);
    List<Long> rowsOfShards =
        Stream.generate(() -> 900L + random.nextInt(80)).limit(ShardMap.SHARDS).toList();
    for (int unit : new int[] {1, 2, 32}) {
      for (int ranks : new int[] {2, 3, 4, 5, 8}) {
        double part = 256.0 / ranks;
        for (StepShares shares : all(rowsOfShards, 256, unit, ShardMap.even(ranks))) {
          for (int step = 0; step < shares.stepsPerEpoch() * 9 / 10; step++) {
            assertThat((double) shares.rows(step))
                .as("unit %d, %d ranks, step %d", unit, ranks, step)
                .isBetween(0.8 * part - 2 * unit, 1.2 * part + 2 * unit);
          }
        }
      }
    }
  }

  /** What makes batch norm the same on any number of ranks. */
  @Test
  void groupsBeginAnewAfterEachShardThatDoesNotFillItsLast() {
    List<Long> rowsOfShards = List.of(64L, 40L, 32L, 7L);

    StepShares all = StepShares.of(rowsOfShards, 143, 32, 0, 4);

    assertThat(all.stretchEnds(0)).containsExactly(104, 143);
    assertThat(StepShares.of(rowsOfShards, 143, 32, 0, 2).stretchEnds(0)).containsExactly(104);
    assertThat(StepShares.of(rowsOfShards, 143, 32, 2, 4).stretchEnds(0)).containsExactly(39);
    assertThat(StepShares.of(rowsOfShards, 143, 32, 2, 3).stretchEnds(0)).containsExactly(32);
    assertThat(StepShares.of(List.of(0L, 5L), 5, 32, 0, 1).stretchEnds(0)).isEmpty();
  }

  @Test
  void whatIsLeftOfAShardIsTakenTogether() {
    StepShares shares = StepShares.of(List.of(42L, 37L, 33L), 16, 32, 0, 3);

    // 16 at a time while there are 16, then what the fullest shard has: 10, 5, 1.
    int[] groups =
        IntStream.range(0, shares.stepsPerEpoch())
            .flatMap(step -> IntStream.range(0, 3).map(shard -> shares.rows(step, shard)))
            .filter(rows -> rows > 0)
            .toArray();
    assertThat(groups).containsExactlyInAnyOrder(16, 16, 16, 16, 16, 16, 10, 5, 1);
  }

  /** Whatever the counts: steps are full, first rows follow each other, each row is used once. */
  @Test
  void theSharesOfAllRanksCoverEveryStep() {
    long seed = 7;
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      List<Long> rowsOfShards = randomShards(random, ShardMap.SHARDS, 1 + random.nextInt(100));
      int batchSize = 1 + random.nextInt(400);
      int unit = 1 << random.nextInt(6);
      ShardMap map = randomMap(random);
      long total = rowsOfShards.stream().mapToLong(Long::longValue).sum();
      String name = "seed %d, run %d: %s by %d".formatted(seed, run, rowsOfShards, batchSize);
      List<StepShares> shares = all(rowsOfShards, batchSize, unit, map);
      for (int step = 0; step < shares.get(0).stepsPerEpoch(); step++) {
        long before = 0;
        for (StepShares share : shares) {
          assertThat(share.firstRow(step)).as(name).isEqualTo(before);
          assertThat(share.rows(step)).as(name).isBetween(0, share.maxRows());
          before += share.rows(step);
        }
        assertThat(before).as(name).isEqualTo(StepShares.rowsOfStep(total, batchSize, step));
        assertThat(before).as(name).isPositive();
      }
      for (int shard = 0; shard < ShardMap.SHARDS; shard++) {
        int[] rows = rowsOf(shares.get(map.rankOf(shard)), shard);
        assertThat((long) IntStream.of(rows).sum()).as(name).isEqualTo(rowsOfShards.get(shard));
      }
    }
  }

  private static List<Long> randomShards(Random random, int count, int maxRows) {
    List<Long> rows = new ArrayList<>(List.of(1L));
    while (rows.size() < count) {
      rows.add(random.nextInt(4) == 0 ? 0L : (long) random.nextInt(maxRows));
    }
    return rows;
  }

  private static ShardMap randomMap(Random random) {
    Stream<Integer> inner =
        Stream.generate(() -> random.nextInt(ShardMap.SHARDS + 1)).limit(random.nextInt(6));
    return new ShardMap(Stream.concat(Stream.of(0, ShardMap.SHARDS), inner).sorted().toList());
  }

  private static List<StepShares> all(
      List<Long> rowsOfShards, int batchSize, int unit, ShardMap map) {
    return IntStream.range(0, map.ranks())
        .mapToObj(
            rank -> StepShares.of(rowsOfShards, batchSize, unit, map.first(rank), map.end(rank)))
        .toList();
  }

  private static int[] rows(StepShares shares) {
    return IntStream.range(0, shares.stepsPerEpoch()).map(shares::rows).toArray();
  }

  private static int[] rowsOf(StepShares shares, int shard) {
    return IntStream.range(0, shares.stepsPerEpoch())
        .map(step -> shares.rows(step, shard))
        .toArray();
  }
}
