package dev.fovea.acceptance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Images that every JVM draws alike, easy to tell apart: 12 x 12 pixels of noise with a bright band
 * across, whose height is the class.
 */
public final class BandImages {
  public static final int SIDE = 12;
  public static final int CLASSES = 3;

  private static final int PARTITIONS = 3; // a row's id depends on its partition

  private BandImages() {}

  /** Columns {@code image} and {@code label}, in three partitions on any cluster. */
  public static Dataset<Row> of(SparkSession spark, int count) {
    Random random = new Random(42);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % CLASSES;
      byte[] pixels = new byte[SIDE * SIDE];
      random.nextBytes(pixels);
      int band = (label * SIDE + SIDE / 2) / CLASSES * SIDE;
      Arrays.fill(pixels, band, band + SIDE, (byte) 255);
      rows.add(RowFactory.create(RowFactory.create("", SIDE, SIDE, 1, 0, pixels), (double) label));
    }
    StructType schema =
        new StructType()
            .add("image", ImageSchema.columnSchema())
            .add("label", DataTypes.DoubleType);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return spark.createDataFrame(context.parallelize(rows, PARTITIONS), schema);
  }
}
