package dev.fovea.acceptance;

import dev.fovea.spark.CnnClassificationModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes what a saved model makes of images that every JVM draws alike, in hexadecimal, so that no
 * bit is lost. Runs in a JVM of its own.
 */
final class ModelProbabilities {
  static final int ROWS = 60;
  private static final int SIDE = 12;
  private static final int CLASSES = 3;

  private ModelProbabilities() {}

  public static void main(String[] arguments) throws IOException {
    SparkSession spark = session();
    CnnClassificationModel model = CnnClassificationModel.load(arguments[0]);
    Files.write(Path.of(arguments[1]), lines(model, spark));
    spark.stop();
  }

  static SparkSession session() {
    return SparkSession.builder()
        .appName("acceptance")
        .master("local[2]")
        .config("spark.ui.enabled", false)
        .getOrCreate();
  }

  /** A bright band across noise; the class is its height. */
  static Dataset<Row> images(SparkSession spark) {
    Random random = new Random(42);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
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
    return spark.createDataFrame(rows, schema);
  }

  /** The probabilities of each row, a line each. */
  static List<String> lines(CnnClassificationModel model, SparkSession spark) {
    return model.transform(images(spark)).select("probability").collectAsList().stream()
        .map(row -> (Vector) row.get(0))
        .map(
            probability ->
                Arrays.stream(probability.toArray())
                    .mapToObj(Double::toHexString)
                    .collect(Collectors.joining(" ")))
        .toList();
  }
}
