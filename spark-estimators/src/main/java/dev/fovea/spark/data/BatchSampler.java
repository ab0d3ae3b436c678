package dev.fovea.spark.data;

import dev.fovea.core.exchange.StepShares;
import java.util.Arrays;

/**
 * Which rows of a rank form its share of a step: a pure function of (seed, epoch, step, rank) and
 * of the ranks' row counts, so that a rank that starts again does the same step again.
 *
 * <p>Every epoch is a permutation of the rank's own rows, cut into the shares that {@link
 * StepShares} says: each row once an epoch. Rows are numbered in the order of their ids, so the
 * order in which they arrived does not matter.
 *
 * <p>The permutation is Fisher and Yates' shuffle, driven by a counter-based hash: draw {@code i}
 * is the mix of SplitMix64 (Steele, Lea, Flood, 2014) at counter {@code i} of a stream keyed by
 * (seed, epoch, rank). Costs 4 bytes a row. Not thread safe.
 */
public final class BatchSampler {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long seed;
  private final int rank;
  private final StepShares shares;
  private final int[] permutation;
  private long permutedEpoch = -1;

  /**
   * @param rows training rows of the rank
   * @param shares of the rank
   */
  public BatchSampler(long seed, int rank, int rows, StepShares shares) {
    this.seed = seed;
    this.rank = rank;
    this.shares = shares;
    this.permutation = new int[rows];
  }

  /** Indices of the rows of the step, each below the rank's row count; may be none. */
  public int[] rows(long epoch, int stepOfEpoch) {
    if (epoch != permutedEpoch) {
      permute(epoch);
    }
    int from = shares.position(stepOfEpoch);
    return Arrays.copyOfRange(permutation, from, from + shares.rows(stepOfEpoch));
  }

  private void permute(long epoch) {
    long stream = mix(mix(mix(seed) + epoch) + rank);
    for (int i = 0; i < permutation.length; i++) {
      int j = below(i + 1, mix(stream + i * GOLDEN));
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    permutedEpoch = epoch;
  }

  /** A number 0 to {@code bound - 1} from 32 random bits: Lemire's multiplication. */
  private static int below(int bound, long random) {
    return (int) (((random >>> 32) * bound) >>> 32);
  }

  /** The output function of SplitMix64. */
  private static long mix(long z) {
    z += GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
