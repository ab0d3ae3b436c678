package dev.fovea.core.exchange;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rank owns which shards. A shard is one of {@link #SHARDS} fixed parts of the training rows;
 * which one a row is in depends on its id alone, and which rows a step takes from a shard on the
 * shards alone. So however many ranks share them, and whenever they are dealt anew, every step has
 * the same rows.
 *
 * @param bounds rank r owns the shards from {@code bounds[r]} up to, not including, {@code bounds[r
 *     + 1]}; from 0 to {@link #SHARDS}, not decreasing
 */
public record ShardMap(List<Integer> bounds) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Number of shards, and the largest number of ranks. */
  public static final int SHARDS = 64;

  public ShardMap {
    bounds = List.copyOf(bounds);
    if (!isMap(bounds)) {
      throw new IllegalArgumentException(
          "ShardMap: expected bounds from 0 to %d, not decreasing. Received: %s."
              .formatted(SHARDS, bounds));
    }
  }

  private static boolean isMap(List<Integer> bounds) {
    return bounds.size() > 1
        && bounds.get(0) == 0
        && bounds.get(bounds.size() - 1) == SHARDS
        && IntStream.range(1, bounds.size()).allMatch(i -> bounds.get(i - 1) <= bounds.get(i));
  }

  /**
   * The same number of shards for each rank, give or take one.
   *
   * @param ranks 1 to {@link #SHARDS}
   */
  public static ShardMap even(int ranks) {
    return new ShardMap(
        IntStream.rangeClosed(0, ranks).mapToObj(rank -> rank * SHARDS / ranks).toList());
  }

  public int ranks() {
    return bounds.size() - 1;
  }

  /** The first shard of {@code rank}. */
  public int first(int rank) {
    return bounds.get(rank);
  }

  /** The shard after the last one of {@code rank}. */
  public int end(int rank) {
    return bounds.get(rank + 1);
  }

  /** The rank that owns {@code shard}. */
  public int rankOf(int shard) {
    int rank = 0;
    while (end(rank) <= shard) {
      rank++;
    }
    return rank;
  }
}
