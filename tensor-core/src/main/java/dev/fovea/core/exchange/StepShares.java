package dev.fovea.core.exchange;

import java.util.Arrays;
import java.util.List;

/**
 * How the rows of each step are shared among the ranks, seen from one rank: a pure function of the
 * ranks' row counts and the batch size.
 *
 * <p>Every step has {@code batchSize} rows but the last of an epoch, which is short. Each rank owns
 * its rows and uses each once an epoch; its share of a step follows its share of all rows. Shares
 * are multiples of 32 rows, the normalisation group, where a step has that many for every rank; of
 * a smaller power of two where it has not; what is left over goes to the rank that is most behind.
 * With one rank the share is the batch.
 *
 * <p>Cost: O(steps * ranks * batchSize / 32) once; 12 bytes a step.
 */
public final class StepShares {
  private static final int NORMALIZATION_ROWS = 32;

  private final int[] positions;
  private final long[] firstRows;
  private final int maxRows;

  private StepShares(int[] positions, long[] firstRows) {
    this.positions = positions;
    this.firstRows = firstRows;
    int max = 0;
    for (int step = 0; step < firstRows.length; step++) {
      max = Math.max(max, positions[step + 1] - positions[step]);
    }
    this.maxRows = max;
  }

  /**
   * The shares of {@code rank}.
   *
   * @param rowsOfRanks training rows of each rank, in rank order; each below 2^31, not all 0
   * @param batchSize rows of one step over all ranks, &gt; 0
   */
  public static StepShares of(List<Long> rowsOfRanks, int batchSize, int rank) {
    long[] rows = rowsOfRanks.stream().mapToLong(Long::longValue).toArray();
    int steps = stepsPerEpoch(Arrays.stream(rows).sum(), batchSize);
    int[] positions = new int[steps + 1];
    long[] firstRows = new long[steps];
    Split split = new Split(rows, batchSize);
    for (int step = 0; step < steps; step++) {
      split.advance();
      positions[step + 1] = Math.toIntExact(split.used[rank]);
      for (int before = 0; before < rank; before++) {
        firstRows[step] += split.share[before];
      }
    }
    return new StepShares(positions, firstRows);
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

  /** Rows of this rank used in the epoch before the step: where its share starts. */
  public int position(int stepOfEpoch) {
    return positions[stepOfEpoch];
  }

  /** Rows of this rank in the step; may be 0. */
  public int rows(int stepOfEpoch) {
    return positions[stepOfEpoch + 1] - positions[stepOfEpoch];
  }

  /** Index, among the rows of the whole step, of this rank's first one. */
  public long firstRow(int stepOfEpoch) {
    return firstRows[stepOfEpoch];
  }

  /** Rows of this rank's largest share. */
  public int maxRows() {
    return maxRows;
  }

  /** Walks the steps of an epoch, giving each step's rows to the ranks that are most behind. */
  private static final class Split {
    final long[] used;
    final long[] share;
    private final long[] rows;
    private final long total;
    private final int batchSize;
    private final int unit;
    private long done;

    Split(long[] rows, int batchSize) {
      this.rows = rows;
      this.total = Arrays.stream(rows).sum();
      this.batchSize = batchSize;
      int perRank = Math.max(1, batchSize / rows.length);
      this.unit = Math.min(NORMALIZATION_ROWS, Integer.highestOneBit(perRank));
      this.used = new long[rows.length];
      this.share = new long[rows.length];
    }

    void advance() {
      Arrays.fill(share, 0);
      long end = Math.min(done + batchSize, total);
      for (long left = end - done; left > 0; ) {
        int rank = mostBehind(end, Math.min(unit, left));
        if (rank < 0) {
          rank = mostBehind(end, 1);
        }
        long given = Math.min(Math.min(unit, left), rows[rank] - used[rank]);
        share[rank] += given;
        used[rank] += given;
        left -= given;
      }
      done = end;
    }

    /**
     * Of the ranks with at least {@code least} unused rows, the one furthest below its part of the
     * first {@code end} rows; the lowest on a tie, -1 if there is none.
     */
    private int mostBehind(long end, long least) {
      int best = -1;
      double most = Double.NEGATIVE_INFINITY;
      for (int rank = 0; rank < rows.length; rank++) {
        double behind = (double) rows[rank] / total * end - used[rank];
        if (rows[rank] - used[rank] >= least && behind > most) {
          best = rank;
          most = behind;
        }
      }
      return best;
    }
  }
}
