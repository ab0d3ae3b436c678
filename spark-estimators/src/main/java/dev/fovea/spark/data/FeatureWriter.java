package dev.fovea.spark.data;

import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the features of one row into the Input field of its record: {@link ImageWriter} for image
 * columns, {@link VectorWriter} for Vector columns. Safe to share between threads.
 */
public interface FeatureWriter extends Serializable {
  /**
   * Writes the features at the buffer's position, which moves to their end. The buffer is in native
   * order; after an exception its position is where it was.
   *
   * @param features an image row or a vector
   */
  void write(Object features, ByteBuffer record) throws InvalidValueException;

  /**
   * The writer for a features column.
   *
   * @param features an image or Vector column
   * @param shape of the network's Input: [H, W, C] for images
   * @param resize images of another size are resized; otherwise they are invalid
   */
  static FeatureWriter of(StructField features, Shape shape, DataType dtype, boolean resize) {
    return Columns.isImage(features)
        ? new ImageWriter(
            features.name(),
            new ImageRows((StructType) features.dataType()),
            shape.toArray(),
            dtype,
            resize)
        : new VectorWriter(features.name(), Math.toIntExact(shape.size()));
  }

  /**
   * As {@link #of}, for a value that stands alone: an image in Spark's order of fields, a vector.
   */
  static FeatureWriter ofValue(
      Object features, String column, Shape shape, DataType dtype, boolean resize) {
    StructField field =
        features instanceof Vector
            ? Columns.vector(column, Math.toIntExact(shape.size()))
            : new StructField(column, ImageRows.type(), true, Metadata.empty());
    return of(field, shape, dtype, resize);
  }
}
