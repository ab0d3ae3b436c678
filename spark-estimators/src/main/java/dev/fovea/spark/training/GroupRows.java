package dev.fovea.spark.training;

import dev.fovea.core.exchange.ShardMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * The records of a fit, for one group of ranks after the other. Keyed records are shuffled into the
 * shards once: another group takes its shards from the same shuffle, and nothing is computed again,
 * until {@link #forget}.
 */
final class GroupRows {
  private final Dataset<Row> records;
  private JavaRDD<Tuple2<Object, byte[]>> shards; // null: not shuffled

  /**
   * @param records columns id (long, &gt;= 0), validation (boolean), record (binary)
   */
  GroupRows(Dataset<Row> records) {
    this.records = records;
  }

  /**
   * The records, keyed by {@link dev.fovea.spark.data.RowKey}: a partition for each rank.
   *
   * @throws InterruptedException as {@link RankRows#of}
   */
  JavaRDD<Tuple2<Object, byte[]>> of(Placement placement) throws InterruptedException {
    if (placement.ranks() == 1 && !placement.isByExecutor()) {
      return RankRows.of(records, placement.shards());
    }
    if (shards == null) {
      shards = RankRows.of(records, ShardMap.even(ShardMap.SHARDS));
    }
    return new PlacedRows(shards.rdd(), placement).toJavaRDD();
  }

  /**
   * The next group shuffles anew. Where an executor may be lost whose shuffled rows Spark still
   * counts on, tasks would wait for them while they hold the cores that computing them again needs.
   */
  void forget() {
    shards = null;
  }
}
