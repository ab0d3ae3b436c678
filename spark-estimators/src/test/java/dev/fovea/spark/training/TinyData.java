package dev.fovea.spark.training;

import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.spark.SharedSpark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Records of three clouds of points, one a class, and a network that tells them apart. */
final class TinyData {
  static final String NETWORK =
      """
      # fovea network 1
      point Input shape=4
      hidden Dense units=16
      relu Relu
      logits Dense units=3
      label Target shape=1
      loss SoftmaxCrossEntropy from=logits,label
      """;
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("validation", DataTypes.BooleanType, false)
          .add("record", DataTypes.BinaryType, false);
  private static final NetworkDescription LAYOUT =
      NetworkDescription.of(NETWORK, Mode.TRAIN, List.of(), 1, 1, 1 << 20);

  private TinyData() {}

  /** Every {@code validationEvery}th row is a validation row; 0 for none. */
  static List<Row> rows(int count, int validationEvery) {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      boolean validation = validationEvery > 0 && id % validationEvery == 0;
      rows.add(RowFactory.create((long) id, validation, record(random)));
    }
    return rows;
  }

  static Dataset<Row> dataset(List<Row> rows, int partitions) {
    SparkSession session = SharedSpark.session();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    return session.createDataFrame(context.parallelize(rows, partitions), SCHEMA);
  }

  static Dataset<Row> dataset(int count, int validationEvery) {
    return dataset(rows(count, validationEvery), 3);
  }

  static List<Row> shuffled(List<Row> rows) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(3));
    return shuffled;
  }

  static TrainingPlan plan(int batchSize, int maxEpochs) {
    return new TrainingPlan(NETWORK, "Sgd momentum=0.9", 0.1, "Constant", batchSize, maxEpochs, 42);
  }

  private static byte[] record(Random random) {
    ByteBuffer record = ByteBuffer.allocate(LAYOUT.rowBytes()).order(ByteOrder.nativeOrder());
    int label = random.nextInt(3);
    int at = LAYOUT.field("point").orElseThrow().offset();
    for (int i = 0; i < 4; i++) {
      double center = i == label ? 2 : 0;
      record.putFloat(at + i * Float.BYTES, (float) (center + 0.5 * random.nextGaussian()));
    }
    record.putFloat(LAYOUT.field("label").orElseThrow().offset(), label);
    record.putFloat(LAYOUT.field("weight").orElseThrow().offset(), 1);
    return record.array();
  }
}
