package dev.fovea.benchmarks;

import dev.fovea.core.network.Network;
import dev.fovea.spark.CnnClassificationModel;
import dev.fovea.spark.CnnClassifier;
import dev.fovea.spark.training.TrainingEpoch;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** {@code fit} and {@code transform} on a cached DataFrame of random images, in local mode. */
final class SparkBenchmark {
  private static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("image", ImageSchema.columnSchema(), false),
            DataTypes.createStructField("label", DataTypes.DoubleType, false)
          });

  /**
   * What {@code fit} reached.
   *
   * @param steady rows a second of the median epoch, as the history reports it
   * @param endToEnd rows of all epochs through the time of the whole call
   */
  record FitRate(double steady, double endToEnd) {}

  private final Network network;
  private final long rows;
  private final int epochs;
  private final Dataset<Row> images;

  /**
   * @param rows images in the DataFrame
   * @param epochs of a fit
   */
  SparkBenchmark(
      SparkSession spark, Network network, int side, int classes, long rows, int epochs) {
    this.network = network;
    this.rows = rows;
    this.epochs = epochs;
    this.images =
        spark
            .range(rows)
            .map(
                (MapFunction<Long, Row>) index -> image(index, side, classes), Encoders.row(SCHEMA))
            .cache();
    if (images.count() != rows) {
      throw new IllegalStateException("Benchmark: expected " + rows + " images in the cache.");
    }
  }

  /** Fits once to warm up, with one epoch, then once in full. */
  FitRate fit(int batchSize) {
    CnnClassificationModel unused = classifier(batchSize).setMaxEpochs(1).fit(images);
    long begin = System.nanoTime();
    CnnClassificationModel model = classifier(batchSize).setMaxEpochs(epochs).fit(images);
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<Double> rates =
        model.summary().history().epochs().stream()
            .map(TrainingEpoch::rowsPerSecond)
            .sorted()
            .toList();
    return new FitRate(rates.get(rates.size() / 2), rows * epochs / seconds);
  }

  /** Rows a second of {@code transform}, all three output columns, thrown away as they come. */
  double transformRowsPerSecond(Throughput throughput, int batchSize) {
    CnnClassificationModel model = classifier(batchSize).setMaxEpochs(1).fit(images);
    return throughput.rowsPerSecond(
        () -> {
          model.transform(images).write().format("noop").mode("overwrite").save();
          return rows;
        });
  }

  private CnnClassifier classifier(int batchSize) {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setLabelCol("label")
        .setNetwork(network)
        .setBatchSize(batchSize);
  }

  private static Row image(long index, int side, int classes) {
    Random random = new Random(index);
    byte[] pixels = new byte[side * side];
    random.nextBytes(pixels);
    Row struct = RowFactory.create("random", side, side, 1, 0, pixels);
    return RowFactory.create(struct, (double) random.nextInt(classes));
  }
}
