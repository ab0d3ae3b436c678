package dev.fovea.spark.training;

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
 * job, so that the stages before it keep their own parallelism. Which rank a row goes to depends on
 * its id alone. Records stay in Spark's internal rows up to here, without a {@code Row} object
 * each.
 */
final class RankRows {
  private static final DataType[] TYPES = {
    DataTypes.LongType, DataTypes.BooleanType, DataTypes.BinaryType
  };

  private RankRows() {}

  /**
   * The records, keyed by {@link #id} and {@link #isValidation}.
   *
   * @param records columns id (long, &gt;= 0), validation (boolean), record (binary)
   */
  static JavaRDD<Tuple2<Object, byte[]>> of(Dataset<Row> records, int ranks) {
    checkSchema(records.schema());
    JavaRDD<Tuple2<Object, byte[]>> keyed =
        records.queryExecution().toRdd().toJavaRDD().map(RankRows::keyed);
    if (ranks == 1 && keyed.getNumPartitions() == 1) {
      return keyed;
    }
    ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
    // These tags make Spark write longs and bytes with Kryo, whatever spark.serializer says.
    ClassTag<Object> longs = ClassTag$.MODULE$.apply(Long.TYPE);
    return new ShuffledRDD<Object, byte[], byte[]>(
            keyed.rdd(), new IdPartitioner(ranks), longs, bytes, bytes)
        .toJavaRDD();
  }

  /** The id of the row, from its key. */
  static long id(long key) {
    return isValidation(key) ? ~key : key;
  }

  /** True where the row is only evaluated. */
  static boolean isValidation(long key) {
    return key < 0;
  }

  private static Tuple2<Object, byte[]> keyed(InternalRow row) {
    long id = row.getLong(0);
    return new Tuple2<>(row.getBoolean(1) ? ~id : id, row.getBinary(2));
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

  /** Ranks by a mixed id: ids of one partition of the user differ in their low bits only. */
  private static final class IdPartitioner extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int ranks;

    IdPartitioner(int ranks) {
      this.ranks = ranks;
    }

    @Override
    public int numPartitions() {
      return ranks;
    }

    @Override
    public int getPartition(Object key) {
      long mixed = id((Long) key) * 0x9e3779b97f4a7c15L;
      return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 32), ranks);
    }
  }
}
