package dev.fovea.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Images as rows of a DataFrame, in Spark's own image struct. */
final class ImageTable {
  static final String IMAGE = "image";
  static final String LABEL = "label";
  static final String VALIDATION = "validation";

  private static final int GRAY = 0; // OpenCV's CV_8UC1, as Spark's image schema names types
  private static final int VALIDATION_SHARE = 12; // one row in twelve
  private static final int ROWS_OF_PARTITION = 1000; // on any cluster: the digits depend on it

  private static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(IMAGE, ImageSchema.columnSchema(), false),
            DataTypes.createStructField(LABEL, DataTypes.DoubleType, false),
            DataTypes.createStructField(VALIDATION, DataTypes.BooleanType, false)
          });

  private ImageTable() {}

  /** The training rows, a twelfth of them, drawn at random, marked for validation. */
  static Dataset<Row> training(SparkSession spark, ImageSet set, long seed) {
    return frame(spark, set, set.train(), new Random(seed));
  }

  /** The test rows, in their order. */
  static Dataset<Row> test(SparkSession spark, ImageSet set) {
    return frame(spark, set, set.test(), null);
  }

  private static Dataset<Row> frame(
      SparkSession spark, ImageSet set, List<LabelledImage> images, Random validation) {
    List<Row> rows = new ArrayList<>(images.size());
    for (LabelledImage image : images) {
      Row struct =
          RowFactory.create(set.name(), set.height(), set.width(), 1, GRAY, image.pixels());
      boolean held = validation != null && validation.nextInt(VALIDATION_SHARE) == 0;
      rows.add(RowFactory.create(struct, (double) image.label(), held));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int partitions = Math.max(1, rows.size() / ROWS_OF_PARTITION);
    return spark.createDataFrame(context.parallelize(rows, partitions), SCHEMA);
  }
}
