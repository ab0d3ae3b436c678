package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.ShardMap;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowKeyTest {
  private static final int ROWS = 64_000;

  /** Ids as Spark makes them: a partition above, the row of the partition in the low 33 bits. */
  private static LongStream ids(int partitions) {
    return LongStream.range(0, ROWS).map(i -> (i % partitions) << 33 | i / partitions);
  }

  @Test
  void noTwoIdsHaveTheSameKey() {
    Set<Long> keys = new HashSet<>();
    ids(7).forEach(id -> keys.add(RowKey.of(id, false)));
    ids(7).forEach(id -> keys.add(RowKey.of(id, true)));
    keys.add(RowKey.of(Long.MAX_VALUE, false));

    assertThat(keys).hasSize(2 * ROWS + 1);
  }

  @Test
  void theSignTellsValidationRowsAndNothingElse() {
    ids(3)
        .limit(100)
        .forEach(
            id -> {
              long training = RowKey.of(id, false);
              long validation = RowKey.of(id, true);
              assertThat(RowKey.isValidation(training)).isFalse();
              assertThat(RowKey.isValidation(validation)).isTrue();
              assertThat(RowKey.order(validation)).isEqualTo(RowKey.order(training));
              assertThat(RowKey.shard(validation)).isEqualTo(RowKey.shard(training));
            });
  }

  @Test
  void shardsHaveAboutTheSameNumberOfRowsHoweverTheDataIsPartitioned() {
    for (int partitions : new int[] {1, 2, 10, 200}) {
      long[] rows = new long[ShardMap.SHARDS];
      ids(partitions).forEach(id -> rows[RowKey.shard(RowKey.of(id, false))]++);

      assertThat(LongStream.of(rows).min().orElseThrow()).isGreaterThan(950);
      assertThat(LongStream.of(rows).max().orElseThrow()).isLessThan(1050);
    }
  }

  @Test
  void theOrderOfKeysIsThatOfTheShards() {
    long[] keys = ids(5).map(id -> RowKey.of(id, false)).sorted().toArray();

    for (int i = 1; i < keys.length; i++) {
      assertThat(RowKey.shard(keys[i])).isGreaterThanOrEqualTo(RowKey.shard(keys[i - 1]));
    }
  }
}
