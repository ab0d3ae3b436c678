package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepSharesTest {
  @Test
  void oneRankTakesTheBatchAndTheLastStepIsShort() {
    StepShares shares = StepShares.of(List.of(250L), 100, 0);

    assertThat(shares.stepsPerEpoch()).isEqualTo(3);
    assertThat(rows(shares)).containsExactly(100, 100, 50);
    assertThat(shares.position(2)).isEqualTo(200);
    assertThat(shares.firstRow(2)).isZero();
    assertThat(shares.maxRows()).isEqualTo(100);
  }

  @Test
  void sharesAreMultiplesOfTheNormalisationGroupWhereTheyCanBe() {
    List<Long> rowsOfRanks = List.of(600L, 300L, 300L);

    assertThat(rows(StepShares.of(rowsOfRanks, 128, 0)))
        .containsExactly(64, 64, 64, 64, 64, 64, 64, 64, 64, 24);
    for (StepShares shares : all(rowsOfRanks, 128)) {
      for (int step = 0; step < shares.stepsPerEpoch() - 1; step++) {
        assertThat(shares.rows(step) % 32).as("step %d", step).isZero();
      }
    }
  }

  @Test
  void sharesOfSmallBatchesAreSmallPowersOfTwo() {
    List<StepShares> shares = all(List.of(100L, 100L, 100L, 100L), 32);

    assertThat(shares).allSatisfy(s -> assertThat(s.rows(0)).isEqualTo(8));
  }

  @Test
  void aRankWithoutRowsGetsNone() {
    StepShares shares = StepShares.of(List.of(0L, 64L), 32, 0);

    assertThat(rows(shares)).containsExactly(0, 0);
    assertThat(shares.maxRows()).isZero();
  }

  /** Whatever the counts: steps are full, first rows follow each other, each row is used once. */
  @Test
  void theSharesOfAllRanksCoverEveryStep() {
    long seed = 7;
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      List<Long> rowsOfRanks =
          IntStream.rangeClosed(0, random.nextInt(8))
              .mapToObj(rank -> random.nextInt(4) == 0 ? 0L : (long) random.nextInt(2000))
              .toList();
      int batchSize = 1 + random.nextInt(400);
      long total = rowsOfRanks.stream().mapToLong(Long::longValue).sum();
      if (total == 0) {
        continue;
      }
      String name = "seed %d, run %d: %s by %d".formatted(seed, run, rowsOfRanks, batchSize);
      List<StepShares> shares = all(rowsOfRanks, batchSize);
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
      for (int rank = 0; rank < rowsOfRanks.size(); rank++) {
        long used = IntStream.of(rows(shares.get(rank))).sum();
        assertThat(used).as(name).isEqualTo(rowsOfRanks.get(rank));
      }
    }
  }

  private static List<StepShares> all(List<Long> rowsOfRanks, int batchSize) {
    return Stream.iterate(0, rank -> rank + 1)
        .limit(rowsOfRanks.size())
        .map(rank -> StepShares.of(rowsOfRanks, batchSize, rank))
        .toList();
  }

  private static int[] rows(StepShares shares) {
    return IntStream.range(0, shares.stepsPerEpoch()).map(shares::rows).toArray();
  }
}
