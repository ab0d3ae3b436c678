package dev.fovea.spark.data;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** From the user's data set to the records that training shuffles and reads. */
public final class TrainingRecords {
  private TrainingRecords() {}

  /**
   * The records of the rows of {@code dataset}, with the columns id (long, names the row in the
   * user's partitions), validation (boolean) and record (bytes). Lazy: starts no job.
   *
   * @param classes labels must be 0 to {@code classes - 1}
   * @param skipped counts the bad rows that are left out; null: the first bad row stops the job
   *     with an {@link InvalidRowException}
   */
  public static Dataset<Row> encode(
      Dataset<?> dataset,
      TrainingColumns columns,
      RecordLayout layout,
      FeatureWriter features,
      int classes,
      SkippedRows skipped) {
    return dataset
        .select(
            column(columns.features()),
            column(columns.label()).cast("double"),
            columns.weight().isEmpty()
                ? functions.lit(1.0)
                : column(columns.weight()).cast("double"),
            columns.validation().isEmpty() ? functions.lit(false) : column(columns.validation()),
            functions.monotonically_increasing_id())
        .mapPartitions(
            new RecordEncoder(layout, features, columns, classes, skipped),
            Encoders.row(RecordEncoder.SCHEMA));
  }

  /** The column of exactly that name: a dot in it is no path. */
  static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
