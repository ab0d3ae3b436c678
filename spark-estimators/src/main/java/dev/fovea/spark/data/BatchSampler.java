package dev.fovea.spark.data;

import dev.fovea.core.exchange.StepShares;
import java.util.List;

/**
 * Which rows of a rank form its share of a step: a pure function of (seed, epoch, step) and of the
 * shards' row counts. So a rank that starts again does the same step again, and a shard gives the
 * same rows whichever rank owns it.
 *
 * <p>Every epoch is a permutation of each shard's rows, cut into the shares that {@link StepShares}
 * says: each row once an epoch. Rows are numbered in the order of their keys, so the order in which
 * they arrived does not matter.
 *
 * <p>The permutation is Fisher and Yates' shuffle, driven by a counter-based hash: draw {@code i}
 * is the mix of SplitMix64 (Steele, Lea, Flood, 2014) at counter {@code i} of a stream keyed by
 * (seed, epoch, shard). Costs 4 bytes a row. Not thread safe.
 */
public final class BatchSampler {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long seed;
  private final StepShares shares;
  private final int[] starts; // of each owned shard, in the rows of the rank
  private final int[] permutation;
  private long permutedEpoch = -1;

  /**
   * @param rowsOfShards training rows of each shard, as the rank has them: those that it does not
   *     own have none
   * @param shares of the rank
   */
  public BatchSampler(long seed, List<Long> rowsOfShards, StepShares shares) {
    this.seed = seed;
    this.shares = shares;
    this.starts = new int[shares.endShard() - shares.firstShard() + 1];
    for (int i = 1; i < starts.length; i++) {
      long end = starts[i - 1] + rowsOfShards.get(shares.firstShard() + i - 1);
      starts[i] = Math.toIntExact(end);
    }
    this.permutation = new int[starts[starts.length - 1]];
  }

  /** Indices of the rows of the step, each below the rank's row count; may be none. */
  public int[] rows(long epoch, int stepOfEpoch) {
    if (epoch != permutedEpoch) {
      permute(epoch);
    }
    int[] rows = new int[shares.rows(stepOfEpoch)];
    int filled = 0;
    for (int i = 0; i < starts.length - 1; i++) {
      int shard = shares.firstShard() + i;
      int count = shares.rows(stepOfEpoch, shard);
      System.arraycopy(
          permutation, starts[i] + shares.position(stepOfEpoch, shard), rows, filled, count);
      filled += count;
    }
    return rows;
  }

  private void permute(long epoch) {
    for (int i = 0; i < starts.length - 1; i++) {
      long stream = mix(mix(mix(seed) + epoch) + shares.firstShard() + i);
      permute(starts[i], starts[i + 1], stream);
    }
    permutedEpoch = epoch;
  }

  private void permute(int start, int end, long stream) {
    for (int i = 0; i < end - start; i++) {
      int j = below(i + 1, mix(stream + i * GOLDEN));
      permutation[start + i] = permutation[start + j];
      permutation[start + j] = start + i;
    }
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
