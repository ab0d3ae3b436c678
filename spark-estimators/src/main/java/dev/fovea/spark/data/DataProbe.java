package dev.fovea.spark.data;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.when;

import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a network must be made from, where neither params nor metadata tell: each method is one
 * Spark job. Bad values are passed over here; reading the records reports them with their rows.
 */
public final class DataProbe {
  /** More classes than this are taken for ids, unless metadata or the network say so. */
  static final int MAX_CLASSES = 10_000;

  private DataProbe() {}

  /** One more than the largest label, at least 2. */
  public static int classes(Dataset<?> dataset, String labelColumn) {
    Column label = TrainingRecords.column(labelColumn).cast("double");
    Column valid =
        label.geq(0).and(label.lt((double) Integer.MAX_VALUE)).and(label.equalTo(rint(label)));
    Row found = dataset.agg(count(lit(1)), max(when(valid, label))).head();
    if (found.getLong(0) == 0) {
      throw noRows();
    }
    if (found.isNullAt(1) || found.getDouble(1) >= MAX_CLASSES) {
      throw new IllegalArgumentException(
          String.format(
              "Column '%s': expected labels 0 to k-1, k at most %d. Received: %s. Index the labels"
                  + " with StringIndexer.",
              labelColumn,
              MAX_CLASSES,
              found.isNullAt(1)
                  ? "no label that is an integer >= 0"
                  : "a label " + (long) found.getDouble(1)));
    }
    return Math.max(2, (int) found.getDouble(1) + 1);
  }

  /** Height, width and channels of the first image that has any. */
  public static Shape imageShape(Dataset<?> dataset, String featuresColumn) {
    Column image = TrainingRecords.column(featuresColumn);
    List<Row> first =
        dataset
            .select(image.getField("height"), image.getField("width"), image.getField("nChannels"))
            .toDF("height", "width", "channels")
            .where("height > 0 and width > 0 and channels > 0")
            .takeAsList(1);
    if (!first.isEmpty()) {
      Row shape = first.get(0);
      return Shape.of(shape.getInt(0), shape.getInt(1), shape.getInt(2));
    }
    if (dataset.isEmpty()) {
      throw noRows();
    }
    throw new IllegalArgumentException(
        String.format(
            "Column '%s': expected at least one image. Received: none (every value is null or"
                + " undefined). Check the path and the format of the images.",
            featuresColumn));
  }

  private static IllegalArgumentException noRows() {
    return new IllegalArgumentException(
        "DataFrame: expected at least one row. Received: none. Check the source and its filters.");
  }
}
