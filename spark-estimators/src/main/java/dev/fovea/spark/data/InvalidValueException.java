package dev.fovea.spark.data;

/**
 * A value of one column that cannot be used. Knows the column, not the row: whoever walks the rows
 * counts it, or adds the row and makes it an {@link InvalidRowException}.
 */
public final class InvalidValueException extends Exception {
  private static final long serialVersionUID = 1;

  private final String column;

  InvalidValueException(String column, String expected, Object received, String fix) {
    super(
        "expected "
            + expected
            + ". Received: "
            + received
            + "."
            + (fix.isEmpty() ? "" : " " + fix));
    this.column = column;
  }

  String column() {
    return column;
  }
}
