package dev.fovea.acceptance;

import dev.fovea.spark.CnnClassificationModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.SparkSession;

/**
 * Writes what a saved model makes of images that every JVM draws alike, in hexadecimal, so that no
 * bit is lost. Runs in a JVM of its own.
 */
final class ModelProbabilities {
  static final int ROWS = 60;

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

  /** The probabilities of each row, a line each. */
  static List<String> lines(CnnClassificationModel model, SparkSession spark) {
    return model
        .transform(BandImages.of(spark, ROWS))
        .select("probability")
        .collectAsList()
        .stream()
        .map(row -> (Vector) row.get(0))
        .map(
            probability ->
                Arrays.stream(probability.toArray())
                    .mapToObj(Double::toHexString)
                    .collect(Collectors.joining(" ")))
        .toList();
  }
}
