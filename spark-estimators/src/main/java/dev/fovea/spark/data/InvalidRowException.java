package dev.fovea.spark.data;

/**
 * A row that cannot be used; names its partition, its place in it, the column and the value. Thrown
 * on an executor, so it reaches the driver as a cause of Spark's own exception.
 */
public final class InvalidRowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** {@code row} counts the rows of the partition from 0. */
  public InvalidRowException(int partition, long row, InvalidValueException value) {
    super(
        String.format(
            "Partition %d, row %d, column '%s': %s",
            partition, row, value.column(), value.getMessage()));
  }
}
