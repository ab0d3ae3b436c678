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
          List.of(1L + random.nextInt(700), (long) random.nextInt(700), 1L + random.nextInt(9));
      int batchSize = 1 + random.nextInt(300);
      int rank = random.nextInt(3);
      StepShares shares = StepShares.of(rows, batchSize, rank);
      BatchSampler sampler =
          new BatchSampler(random.nextLong(), rank, rows.get(rank).intValue(), shares);

      for (long epoch : new long[] {0, 1, 17}) {
        assertThat(sortedRows(sampler, shares, epoch))
            .as("seed %d, run %d: rank %d of %s by %d", seed, run, rank, rows, batchSize)
            .isEqualTo(IntStream.range(0, rows.get(rank).intValue()).boxed().toList());
      }
    }
  }

  @Test
  void theLastStepIsShort() {
    StepShares shares = StepShares.of(List.of(100L), 32, 0);
    BatchSampler sampler = new BatchSampler(42, 0, 100, shares);

    assertThat(sampler.rows(0, 2)).hasSize(32);
    assertThat(sampler.rows(0, 3)).hasSize(4);
  }

  @Test
  void theRowsOfAStepDependOnNothingBefore() {
    StepShares shares = StepShares.of(List.of(1000L), 100, 0);
    BatchSampler walked = new BatchSampler(42, 0, 1000, shares);
    for (long epoch = 0; epoch < 3; epoch++) {
      for (int step = 0; step < 10; step++) {
        int[] rows = walked.rows(epoch, step);
        assertThat(new BatchSampler(42, 0, 1000, shares).rows(epoch, step)).isEqualTo(rows);
      }
    }
    assertThat(walked.rows(0, 3)).isEqualTo(new BatchSampler(42, 0, 1000, shares).rows(0, 3));
  }

  @Test
  void seedEpochAndRankEachChangeTheOrder() {
    StepShares shares = StepShares.of(List.of(1000L), 100, 0);
    int[] rows = new BatchSampler(42, 0, 1000, shares).rows(0, 0);

    assertThat(new BatchSampler(43, 0, 1000, shares).rows(0, 0)).isNotEqualTo(rows);
    assertThat(new BatchSampler(42, 1, 1000, shares).rows(0, 0)).isNotEqualTo(rows);
    assertThat(new BatchSampler(42, 0, 1000, shares).rows(1, 0)).isNotEqualTo(rows);
  }

  /** Saved models and papers name a seed: the order it gives must not change between versions. */
  @Test
  void theOrderOfASeedIsFixed() {
    StepShares shares = StepShares.of(List.of(10L), 10, 0);

    assertThat(new BatchSampler(42, 0, 10, shares).rows(0, 0))
        .containsExactly(8, 0, 5, 7, 9, 4, 1, 6, 2, 3);
  }

  /** Each row lands on each place equally often: chi-square over 20 x 20 cells, 6000 epochs. */
  @Test
  void permutationsAreUniform() {
    int n = 20;
    int epochs = 6000;
    StepShares shares = StepShares.of(List.of((long) n), n, 0);
    BatchSampler sampler = new BatchSampler(42, 0, n, shares);
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

  private static List<Integer> sortedRows(BatchSampler sampler, StepShares shares, long epoch) {
    return IntStream.range(0, shares.stepsPerEpoch())
        .flatMap(step -> Arrays.stream(sampler.rows(epoch, step)))
        .sorted()
        .boxed()
        .toList();
  }
}
