package dev.fovea.spark.data;

import java.nio.ByteBuffer;
import org.apache.spark.ml.linalg.Vector;

/** Writes the numbers of a dense or sparse vector as floats. */
final class VectorWriter implements FeatureWriter {
  private static final long serialVersionUID = 1;

  private final String column;
  private final int size;

  VectorWriter(String column, int size) {
    this.column = column;
    this.size = size;
  }

  @Override
  public void write(Object features, ByteBuffer record) throws InvalidValueException {
    if (features == null) {
      throw new InvalidValueException(column, "a vector of " + size + " numbers", "null", "");
    }
    Vector vector = (Vector) features;
    if (vector.size() != size) {
      throw new InvalidValueException(
          column,
          "a vector of " + size + " numbers",
          vector.size(),
          "Set inputShape, or give the network an Input, of that many numbers.");
    }
    double[] values = vector.toArray();
    for (int i = 0; i < size; i++) {
      if (!Float.isFinite((float) values[i])) {
        throw new InvalidValueException(
            column,
            "finite numbers",
            values[i] + " (at index " + i + ")",
            "Replace it, for example with Imputer.");
      }
    }
    for (double value : values) {
      record.putFloat((float) value);
    }
  }
}
