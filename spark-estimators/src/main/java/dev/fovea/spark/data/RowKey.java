package dev.fovea.spark.data;

import dev.fovea.core.exchange.ShardMap;

/**
 * A row's id, mixed: 63 bits whose highest name the shard, so that rows in the order of their keys
 * are in the order of their shards, and those of a shard come from everywhere in the user's data.
 * The sign tells validation rows. No two ids have the same key.
 */
public final class RowKey {
  private static final long MASK = Long.MAX_VALUE;

  /** 2^63 divided by the golden ratio, made odd: Knuth's multiplicative hashing. */
  private static final long MULTIPLIER = 0x4f1bbcdcbfa53e0bL;

  private static final int SHARD_BITS = Integer.numberOfTrailingZeros(ShardMap.SHARDS);

  private RowKey() {}

  /**
   * The key of a row.
   *
   * @param id &gt;= 0
   */
  public static long of(long id, boolean isValidation) {
    long mixed = (id * MULTIPLIER) & MASK;
    return isValidation ? ~mixed : mixed;
  }

  /** True where the row is only evaluated. */
  public static boolean isValidation(long key) {
    return key < 0;
  }

  /** The key without its sign: where the row is in the order of all rows of its kind. */
  public static long order(long key) {
    return isValidation(key) ? ~key : key;
  }

  /** The shard of the row, 0 to {@link ShardMap#SHARDS} - 1. */
  public static int shard(long key) {
    return (int) (order(key) >>> (Long.SIZE - 1 - SHARD_BITS));
  }
}
