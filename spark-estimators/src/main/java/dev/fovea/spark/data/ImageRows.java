package dev.fovea.spark.data;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Access to image values of Spark's image schema: {@code origin} (text), {@code height}, {@code
 * width} (pixels), {@code nChannels}, {@code mode} (an OpenCV type number), {@code data} (bytes,
 * row after row from the top, each pixel's channels together: gray, BGR or BGRA). Channels are
 * passed on in the order they have.
 */
final class ImageRows implements Serializable {
  private static final long serialVersionUID = 1;

  private static final StructType IMAGE =
      new StructType()
          .add("origin", DataTypes.StringType)
          .add("height", DataTypes.IntegerType)
          .add("width", DataTypes.IntegerType)
          .add("nChannels", DataTypes.IntegerType)
          .add("mode", DataTypes.IntegerType)
          .add("data", DataTypes.BinaryType);

  private final int origin;
  private final int height;
  private final int width;
  private final int channels;
  private final int data;

  /** Finds the fields of {@code type} by name, wherever they stand. */
  ImageRows(StructType type) {
    origin = type.fieldIndex("origin");
    height = type.fieldIndex("height");
    width = type.fieldIndex("width");
    channels = type.fieldIndex("nChannels");
    data = type.fieldIndex("data");
  }

  /** The type of an image column, in Spark's order of fields. */
  static StructType type() {
    return IMAGE;
  }

  /** True for a struct that has all fields of an image, of the right types, in any order. */
  static boolean isImage(DataType type) {
    if (!(type instanceof StructType struct)) {
      return false;
    }
    for (StructField expected : IMAGE.fields()) {
      boolean found = false;
      for (StructField field : struct.fields()) {
        found |=
            field.name().equals(expected.name()) && field.dataType().equals(expected.dataType());
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  /**
   * True for a null, for an image without pixels, and for what Spark makes of an unreadable file.
   */
  boolean isUndefined(Row image) {
    return image.isNullAt(height)
        || image.isNullAt(width)
        || image.isNullAt(channels)
        || image.isNullAt(data)
        || image.getInt(height) <= 0
        || image.getInt(width) <= 0
        || image.getInt(channels) <= 0;
  }

  int height(Row image) {
    return image.getInt(height);
  }

  int width(Row image) {
    return image.getInt(width);
  }

  int channels(Row image) {
    return image.getInt(channels);
  }

  byte[] data(Row image) {
    return image.getAs(data);
  }

  /** Where the image came from, for messages: {@code "origin 'file:/a.png'"}. */
  String origin(Row image) {
    return image.isNullAt(origin) ? "origin unknown" : "origin '" + image.getString(origin) + "'";
  }
}
