package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.StepShares;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {
  /** Any counts and batch sizes: every row of the rank exactly once an epoch. */
  @Test
  void everyRowOnceAnEpoch() {
    long seed = 11;
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      List<Long> rows =
          List.of(
              1L + random.nextInt(700),
              (long) random.nextInt(700),
              1L + random.nextInt(9),
              (long) random.nextInt(200));
      int batchSize = 1 + random.nextInt(300);
      int first = random.nextInt(4);
      int end = first + random.nextInt(5 - first);
      StepShares shares = StepShares.of(rows, batchSize, 1 + random.nextInt(32), first, end);
      BatchSampler sampler = new BatchSampler(random.nextLong(), rows, shares);
      int owned = rows.subList(first, end).stream().mapToInt(Long::intValue).sum();

      for (long epoch : new long[] {0, 1, 17}) {
        assertThat(sortedRows(sampler, shares, epoch))
            .as("seed %d, run %d: %d to %d of %s by %d", seed, run, first, end, rows, batchSize)
            .isEqualTo(IntStream.range(0, owned).boxed().toList());
      }
    }
  }

  /** Rows of a step are the same rows in the same order, whoever owns the shards. */
  @Test
  void ranksTogetherTakeTheRowsThatOneWouldTake() {
    List<Long> rows = List.of(50L, 70L, 0L, 61L);
    StepShares all = StepShares.of(rows, 32, 2, 0, 4);
    StepShares low = StepShares.of(rows, 32, 2, 0, 1);
    StepShares high = StepShares.of(rows, 32, 2, 1, 4);
    BatchSampler ofAll = new BatchSampler(42, rows, all);
    BatchSampler ofLow = new BatchSampler(42, List.of(50L, 0L, 0L, 0L), low);
    BatchSampler ofHigh = new BatchSampler(42, List.of(0L, 70L, 0L, 61L), high);

    for (int step = 0; step < all.stepsPerEpoch(); step++) {
      int[] fromHigh = Arrays.stream(ofHigh.rows(3, step)).map(row -> 50 + row).toArray();
      assertThat(ofAll.rows(3, step))
          .isEqualTo(
              IntStream.concat(Arrays.stream(ofLow.rows(3, step)), Arrays.stream(fromHigh))
                  .toArray());
      assertThat(high.firstRow(step)).isEqualTo(low.rows(step));
    }
  }

  @Test
  void theLastStepIsShort() {
    BatchSampler sampler = sampler(42, 100, 32);

    assertThat(sampler.rows(0, 2)).hasSize(32);
    assertThat(sampler.rows(0, 3)).hasSize(4);
  }

  @Test
  void theRowsOfAStepDependOnNothingBefore() {
    BatchSampler walked = sampler(42, 1000, 100);
    for (long epoch = 0; epoch < 3; epoch++) {
      for (int step = 0; step < 10; step++) {
        int[] rows = walked.rows(epoch, step);
        assertThat(sampler(42, 1000, 100).rows(epoch, step)).isEqualTo(rows);
      }
    }
    assertThat(walked.rows(0, 3)).isEqualTo(sampler(42, 1000, 100).rows(0, 3));
  }

  @Test
  void seedEpochAndShardEachChangeTheOrder() {
    int[] rows = sampler(42, 1000, 100).rows(0, 0);
    List<Long> second = List.of(0L, 1000L);
    StepShares shares = StepShares.of(second, 100, 100, 0, 2);

    assertThat(sampler(43, 1000, 100).rows(0, 0)).isNotEqualTo(rows);
    assertThat(new BatchSampler(42, second, shares).rows(0, 0)).isNotEqualTo(rows);
    assertThat(sampler(42, 1000, 100).rows(1, 0)).isNotEqualTo(rows);
  }

  /** Saved models and papers name a seed: the order it gives must not change between versions. */
  @Test
  void theOrderOfASeedIsFixed() {
    assertThat(sampler(42, 10, 10).rows(0, 0)).containsExactly(8, 0, 5, 7, 9, 4, 1, 6, 2, 3);
  }

  /** Each row lands on each place equally often: chi-square over 20 x 20 cells, 6000 epochs. */
  @Test
  void permutationsAreUniform() {
    int n = 20;
    int epochs = 6000;
    BatchSampler sampler = sampler(42, n, n);
    int[][] counts = new int[n][n];
    for (long epoch = 0; epoch < epochs; epoch++) {
      int[] rows = sampler.rows(epoch, 0);
      for (int place = 0; place < n; place++) {
        counts[place][rows[place]]++;
      }
    }

    double expected = (double) epochs / n;
    double chiSquare =
        Arrays.stream(counts)
            .flatMapToInt(Arrays::stream)
            .mapToDouble(count -> (count - expected) * (count - expected) / expected)
            .sum();
    // 361 degrees of freedom: mean 361, standard deviation 27.
    assertThat(chiSquare).isBetween(361 - 4 * 27.0, 361 + 4 * 27.0);
  }

  /** Of a rank that owns the one shard there is. */
  private static BatchSampler sampler(long seed, long rows, int batchSize) {
    List<Long> rowsOfShards = List.of(rows);
    return new BatchSampler(
        seed, rowsOfShards, StepShares.of(rowsOfShards, batchSize, batchSize, 0, 1));
  }

  private static List<Integer> sortedRows(BatchSampler sampler, StepShares shares, long epoch) {
    return IntStream.range(0, shares.stepsPerEpoch())
        .flatMap(step -> Arrays.stream(sampler.rows(epoch, step)))
        .sorted()
        .boxed()
        .toList();
  }
}
