package dev.fovea.benchmarks.spark;

import dev.fovea.core.tensor.Shape;
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

/** DataFrames of random images: columns {@code image}, in Spark's schema, and {@code label}. */
final class SparkImages {
  private static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("image", ImageSchema.columnSchema(), false),
            DataTypes.createStructField("label", DataTypes.DoubleType, false)
          });

  private SparkImages() {}

  /** Makes the rows and holds them in Spark's cache. */
  static Dataset<Row> cached(SparkSession spark, Shape shape, int classes, long rows) {
    int[] sizes = shape.toArray();
    Dataset<Row> images =
        spark
            .range(rows)
            .map(
                (MapFunction<Long, Row>) index -> image(index, sizes, classes),
                Encoders.row(SCHEMA))
            .cache();
    long count = images.count();
    if (count != rows) {
      throw new IllegalStateException(
          "Benchmark: expected %d images in the cache. Received: %d.".formatted(rows, count));
    }
    return images;
  }

  private static Row image(long index, int[] sizes, int classes) {
    Random random = new Random(index);
    byte[] pixels = new byte[sizes[0] * sizes[1] * sizes[2]];
    random.nextBytes(pixels);
    int type = 8 * (sizes[2] - 1); // OpenCV's number of bytes in that many channels
    Row struct = RowFactory.create("random", sizes[0], sizes[1], sizes[2], type, pixels);
    return RowFactory.create(struct, (double) random.nextInt(classes));
  }
}
