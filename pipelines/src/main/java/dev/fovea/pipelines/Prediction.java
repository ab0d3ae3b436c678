package dev.fovea.pipelines;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a model made of a test image.
 *
 * @param confidence probability of the predicted class, 0 to 1
 */
@SuppressWarnings("ArrayRecordComponent") // predictions are never compared
record Prediction(byte[] pixels, int label, int prediction, double confidence) {
  static final Comparator<Prediction> MOST_CONFIDENT_FIRST =
      Comparator.comparingDouble(Prediction::confidence).reversed();

  boolean wrong() {
    return label != prediction;
  }

  /** Those of all rows, on the driver, in the order of the rows. */
  static List<Prediction> of(Model<?> model, Dataset<Row> test) {
    List<Row> rows =
        model
            .transform(test)
            .select(ImageTable.IMAGE + ".data", ImageTable.LABEL, "prediction", "probability")
            .collectAsList();
    List<Prediction> predictions = new ArrayList<>(rows.size());
    for (Row row : rows) {
      int prediction = (int) row.getDouble(2);
      Vector probability = row.getAs(3);
      predictions.add(
          new Prediction(
              row.getAs(0), (int) row.getDouble(1), prediction, probability.apply(prediction)));
    }
    return predictions;
  }
}
