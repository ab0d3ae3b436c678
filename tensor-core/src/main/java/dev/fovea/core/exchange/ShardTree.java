package dev.fovea.core.exchange;

import java.util.List;

/**
 * Counts the rows that are used of each shard, in a binary tree: a leaf is a shard, a node the sum
 * of its two halves. Node i has the children 2i and 2i + 1. Not thread safe.
 */
final class ShardTree {
  private static final int ROOT = 1;

  private final int leaves;
  private final long[] rows;
  private final long[] used;
  private final long[] most; // unused rows of the shard below that has most of them

  ShardTree(List<Long> rowsOfShards) {
    leaves = Math.max(1, Integer.highestOneBit(2 * rowsOfShards.size() - 1));
    rows = new long[2 * leaves];
    used = new long[2 * leaves];
    most = new long[2 * leaves];
    for (int shard = 0; shard < rowsOfShards.size(); shard++) {
      rows[leaves + shard] = rowsOfShards.get(shard);
      most[leaves + shard] = rowsOfShards.get(shard);
    }
    for (int node = leaves - 1; node >= ROOT; node--) {
      rows[node] = rows[2 * node] + rows[2 * node + 1];
      most[node] = Math.max(most[2 * node], most[2 * node + 1]);
    }
  }

  /** Rows of all shards. */
  long rows() {
    return rows[ROOT];
  }

  /** Rows used of all shards. */
  long used() {
    return used[ROOT];
  }

  long used(int shard) {
    return used[leaves + shard];
  }

  /** Unused rows of the shard that has most of them. */
  long most() {
    return most[ROOT];
  }

  /**
   * Uses {@code count} rows of one shard: at each node, of the half that is further below its part
   * of the first {@code end} rows, the first on a tie, if a shard in it has so many.
   */
  void take(long count, long end) {
    int node = ROOT;
    while (node < leaves) {
      int first = 2 * node;
      boolean second =
          most[first] < count
              || (most[first + 1] >= count && behind(first + 1, end) > behind(first, end));
      node = second ? first + 1 : first;
    }
    most[node] -= count;
    for (; node > ROOT; node /= 2) {
      used[node] += count;
      most[node / 2] = Math.max(most[node], most[node ^ 1]);
    }
    used[ROOT] += count;
  }

  private double behind(int node, long end) {
    return (double) rows[node] / rows[ROOT] * end - used[node];
  }
}
