package dev.fovea.spark.training;

import dev.fovea.core.exchange.ShardMap;
import dev.fovea.spark.data.RowKey;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Spreads encoded records over the ranks: one partition a rank, by one shuffle of bytes within the
 * job, so that the stages before it keep their own parallelism. Which shard a row is in depends on
 * its id alone. Records stay in Spark's internal rows up to here, without a {@code Row} object
 * each.
 */
final class RankRows {
  private static final DataType[] TYPES = {
    DataTypes.LongType, DataTypes.BooleanType, DataTypes.BinaryType
  };

  private RankRows() {}

  /**
   * The records, keyed by {@link RowKey}; partition r holds those of rank r's shards.
   *
   * @param records columns id (long, &gt;= 0), validation (boolean), record (binary)
   * @throws InterruptedException by Spark, which runs the stages before a shuffle of an adaptive
   *     query in this thread, though it does not declare it
   */
  static JavaRDD<Tuple2<Object, byte[]>> of(Dataset<Row> records, ShardMap shards)
      throws InterruptedException {
    checkSchema(records.schema());
    JavaRDD<Tuple2<Object, byte[]>> keyed =
        records.queryExecution().toRdd().toJavaRDD().map(RankRows::keyed);
    if (shards.ranks() == 1 && keyed.getNumPartitions() == 1) {
      return keyed;
    }
    ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
    // These tags make Spark write longs and bytes with Kryo, whatever spark.serializer says.
    ClassTag<Object> longs = ClassTag$.MODULE$.apply(Long.TYPE);
    return new ShuffledRDD<Object, byte[], byte[]>(
            keyed.rdd(), new ShardPartitioner(shards), longs, bytes, bytes)
        .toJavaRDD();
  }

  private static Tuple2<Object, byte[]> keyed(InternalRow row) {
    return new Tuple2<>(RowKey.of(row.getLong(0), row.getBoolean(1)), row.getBinary(2));
  }

  private static void checkSchema(StructType schema) {
    for (int i = 0; i < TYPES.length; i++) {
      if (schema.length() != TYPES.length || !schema.apply(i).dataType().equals(TYPES[i])) {
        throw new IllegalStateException(
            "Records: expected columns id long, validation boolean, record binary. Received: %s."
                .formatted(schema.simpleString()));
      }
    }
  }

  /** The rank that owns the row's shard. */
  private static final class ShardPartitioner extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int ranks;
    private final int[] rankOfShard;

    ShardPartitioner(ShardMap shards) {
      this.ranks = shards.ranks();
      this.rankOfShard = IntStream.range(0, ShardMap.SHARDS).map(shards::rankOf).toArray();
    }

    @Override
    public int numPartitions() {
      return ranks;
    }

    @Override
    public int getPartition(Object key) {
      return rankOfShard[RowKey.shard((Long) key)];
    }
  }
}
