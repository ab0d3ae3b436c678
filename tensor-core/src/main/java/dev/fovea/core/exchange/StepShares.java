package dev.fovea.core.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the rows of each step are taken from the shards, seen from a rank that owns some of them: a
 * pure function of the shards' row counts, the batch size and the unit.
 *
 * <p>Every step has {@code batchSize} rows but the last of an epoch, which is short. Each row is
 * used once an epoch. A step takes {@code unit} rows at a time from a shard: down a binary tree
 * over the shards, each time to the half that is more behind its part of the epoch, so that any
 * stretch of shards gives close to its part of every step. Where no shard has a whole unit left, it
 * takes all that the fullest has. The rows of a step are in the order of the shards, whoever owns
 * them.
 *
 * <p>Cost: O(rows / unit) once; 4 bytes a step and owned shard.
 */
public final class StepShares {
  private final int unit;
  private final int firstShard;
  private final int[][] positions; // [step][owned shard]: rows used before the step
  private final long[] firstRows;
  private final int maxRows;

  private StepShares(int unit, int firstShard, int[][] positions, long[] firstRows) {
    this.unit = unit;
    this.firstShard = firstShard;
    this.positions = positions;
    this.firstRows = firstRows;
    int max = 0;
    for (int step = 0; step < firstRows.length; step++) {
      max = Math.max(max, rows(step));
    }
    this.maxRows = max;
  }

  /**
   * The shares of the rank that owns the shards from {@code firstShard} up to {@code endShard}.
   *
   * @param rowsOfShards training rows of each shard; each below 2^31, not all 0
   * @param batchSize rows of one step over all ranks, &gt; 0
   * @param unit rows that are taken together, &gt; 0
   */
  public static StepShares of(
      List<Long> rowsOfShards, int batchSize, int unit, int firstShard, int endShard) {
    ShardTree tree = new ShardTree(rowsOfShards);
    int steps = stepsPerEpoch(tree.rows(), batchSize);
    int[][] positions = new int[steps + 1][endShard - firstShard];
    long[] firstRows = new long[steps];
    for (int step = 0; step < steps; step++) {
      long before = usedBefore(tree, firstShard);
      take(tree, Math.min((step + 1L) * batchSize, tree.rows()), unit);
      firstRows[step] = usedBefore(tree, firstShard) - before;
      for (int shard = firstShard; shard < endShard; shard++) {
        positions[step + 1][shard - firstShard] = Math.toIntExact(tree.used(shard));
      }
    }
    return new StepShares(unit, firstShard, positions, firstRows);
  }

  /** Takes rows until {@code end} are used. */
  private static void take(ShardTree tree, long end, int unit) {
    for (long left = end - tree.used(); left > 0; left = end - tree.used()) {
      tree.take(Math.min(Math.min(unit, left), tree.most()), end);
    }
  }

  private static long usedBefore(ShardTree tree, int firstShard) {
    long used = 0;
    for (int shard = 0; shard < firstShard; shard++) {
      used += tree.used(shard);
    }
    return used;
  }

  /** Steps that use every one of {@code rows} rows once. */
  public static int stepsPerEpoch(long rows, int batchSize) {
    return Math.toIntExact((rows + batchSize - 1) / batchSize);
  }

  /** Rows of a step over all ranks: the batch, or what the last step of an epoch has left. */
  public static long rowsOfStep(long rows, int batchSize, int stepOfEpoch) {
    return Math.min(batchSize, rows - (long) stepOfEpoch * batchSize);
  }

  public int stepsPerEpoch() {
    return firstRows.length;
  }

  /** The first shard of this rank. */
  public int firstShard() {
    return firstShard;
  }

  /** The shard after the last one of this rank. */
  public int endShard() {
    return firstShard + positions[0].length;
  }

  /** Rows of an owned shard used in the epoch before the step: where its share starts. */
  public int position(int stepOfEpoch, int shard) {
    return positions[stepOfEpoch][shard - firstShard];
  }

  /** Rows of an owned shard in the step; may be 0. */
  public int rows(int stepOfEpoch, int shard) {
    return position(stepOfEpoch + 1, shard) - position(stepOfEpoch, shard);
  }

  /** Rows of this rank in the step; may be 0. */
  public int rows(int stepOfEpoch) {
    int rows = 0;
    for (int shard = firstShard; shard < endShard(); shard++) {
      rows += rows(stepOfEpoch, shard);
    }
    return rows;
  }

  /**
   * Where groups of {@code unit} rows have to begin anew, so that they are the same whoever owns
   * the shards: the ends of the stretches of this rank's rows that whole groups fill, but for the
   * last of each. The last end is the number of rows; none where there are no rows.
   */
  public int[] stretchEnds(int stepOfEpoch) {
    int[] ends = new int[positions[0].length];
    int count = 0;
    int end = 0;
    boolean isOpen = false; // rows since the last end
    for (int shard = firstShard; shard < endShard(); shard++) {
      int rows = rows(stepOfEpoch, shard);
      end += rows;
      isOpen |= rows > 0;
      if (rows % unit != 0) {
        ends[count++] = end;
        isOpen = false;
      }
    }
    if (isOpen) {
      ends[count++] = end;
    }
    return Arrays.copyOf(ends, count);
  }

  /** Index, among the rows of the whole step, of this rank's first one. */
  public long firstRow(int stepOfEpoch) {
    return firstRows[stepOfEpoch];
  }

  /** Most ends of {@link #stretchEnds} that a step has. */
  public int maxStretches() {
    return IntStream.range(0, stepsPerEpoch())
        .map(step -> stretchEnds(step).length)
        .max()
        .orElse(0);
  }

  /** Rows of this rank's largest share. */
  public int maxRows() {
    return maxRows;
  }
}
