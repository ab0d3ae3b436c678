package dev.fovea.spark.data;

import java.util.Arrays;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks of the columns of a data set against what a stage needs, on its schema alone: no Spark
 * job. Fields are compared by name and type; whether they may be null is not looked at, since Spark
 * says "may" of most columns that hold none.
 */
public final class Columns {
  private Columns() {}

  /** The column that {@code param} names. */
  public static StructField find(StructType schema, String param, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          String.format(
              "Param %s: expected the name of a column. Received: '%s' (columns: %s). Set %s to one"
                  + " of them.",
              param, name, String.join(", ", schema.fieldNames()), param));
    }
    return schema.apply(name);
  }

  /** True for an image column, false for a Vector column; any other is an error. */
  public static boolean isImage(StructField features) {
    if (features.dataType().equals(SQLDataTypes.VectorType())) {
      return false;
    }
    if (ImageRows.isImage(features.dataType())) {
      return true;
    }
    throw wrongType(
        features,
        "an image (struct<origin:string,height:int,width:int,nChannels:int,mode:int,data:binary>)"
            + " or a Vector",
        "Set featuresCol, read images with spark.read().format(\"image\"), or assemble numbers with"
            + " VectorAssembler.");
  }

  public static void checkNumeric(StructField field, String fix) {
    if (!(field.dataType() instanceof NumericType)) {
      throw wrongType(field, "a column of numbers", fix);
    }
  }

  public static void checkBoolean(StructField field, String fix) {
    if (!(field.dataType() instanceof BooleanType)) {
      throw wrongType(field, "a boolean column", fix);
    }
  }

  /** The schema with one more column, which {@code param} names. */
  public static StructType append(StructType schema, String param, StructField field) {
    if (Arrays.asList(schema.fieldNames()).contains(field.name())) {
      throw new IllegalArgumentException(
          String.format(
              "Param %s: expected the name of a new column. Received: '%s' (the data has such a"
                  + " column). Set %s to another name, or to \"\" to leave the column out.",
              param, field.name(), param));
    }
    return schema.add(field);
  }

  /** The classes that the metadata of a label column counts; 0 where it says nothing. */
  public static int nominalClasses(StructField label) {
    Attribute attribute = Attribute.fromStructField(label);
    if (attribute instanceof BinaryAttribute) {
      return 2;
    }
    if (attribute instanceof NominalAttribute nominal && nominal.getNumValues().isDefined()) {
      return (int) nominal.getNumValues().get();
    }
    return 0;
  }

  /** The length that the metadata of a Vector column states; -1 where it says nothing. */
  public static int vectorSize(StructField features) {
    return AttributeGroup.fromStructField(features).size();
  }

  /** A double column of classes 0 to {@code classes - 1}; 0 classes: not known. */
  public static StructField nominal(String name, int classes) {
    NominalAttribute attribute = NominalAttribute.defaultAttr().withName(name);
    return (classes > 0 ? attribute.withNumValues(classes) : attribute).toStructField();
  }

  /** A Vector column with {@code size} numbers a row; 0: not known. */
  public static StructField vector(String name, int size) {
    return (size > 0 ? new AttributeGroup(name, size) : new AttributeGroup(name)).toStructField();
  }

  /** The type of an image column: Spark's own. */
  public static DataType imageType() {
    return ImageRows.type();
  }

  private static IllegalArgumentException wrongType(
      StructField field, String expected, String fix) {
    return new IllegalArgumentException(
        String.format(
            "Column '%s': expected %s. Received: %s. %s",
            field.name(), expected, field.dataType().catalogString(), fix));
  }
}
