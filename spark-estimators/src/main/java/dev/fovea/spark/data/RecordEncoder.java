package dev.fovea.spark.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns the rows of a partition into records, the bytes that native reads: one at a time, as the
 * next stop asks for them. A row that cannot be used stops the work with an {@link
 * InvalidRowException}, or is left out and counted.
 *
 * <p>Rows come in as features, label (double), weight (double), validation (boolean) and id, all of
 * which may be null except the id; they leave with {@link #SCHEMA}. The id is Spark's {@code
 * monotonically_increasing_id} of the user's data, and so tells the partition and the row.
 */
final class RecordEncoder implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  /** What training reads. */
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("validation", DataTypes.BooleanType, false)
          .add("record", DataTypes.BinaryType, false);

  private static final int FEATURES = 0;
  private static final int LABEL = 1;
  private static final int WEIGHT = 2;
  private static final int VALIDATION = 3;
  private static final int ID = 4;

  /** Bits of an id below the partition: see Spark's {@code monotonically_increasing_id}. */
  private static final int ROW_BITS = 33;

  private final RecordLayout layout;
  private final FeatureWriter features;
  private final TrainingColumns columns;
  private final int classes;
  private final SkippedRows skipped; // null: the first bad row stops the work

  RecordEncoder(
      RecordLayout layout,
      FeatureWriter features,
      TrainingColumns columns,
      int classes,
      SkippedRows skipped) {
    this.layout = layout;
    this.features = features;
    this.columns = columns;
    this.classes = classes;
    this.skipped = skipped;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Iterator<>() {
      private Row next;

      @Override
      public boolean hasNext() {
        while (next == null && rows.hasNext()) {
          next = encodeOrSkip(rows.next());
        }
        return next != null;
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Row result = next;
        next = null;
        return result;
      }
    };
  }

  private Row encodeOrSkip(Row row) {
    long id = row.getLong(ID);
    try {
      return encode(row, id);
    } catch (InvalidValueException e) {
      if (skipped == null) {
        throw new InvalidRowException((int) (id >>> ROW_BITS), id & ((1L << ROW_BITS) - 1), e);
      }
      skipped.add(TaskContext.getPartitionId());
      return null;
    }
  }

  private Row encode(Row row, long id) throws InvalidValueException {
    ByteBuffer record = ByteBuffer.allocate(layout.bytes()).order(ByteOrder.nativeOrder());
    record.putFloat(layout.target(), label(row));
    record.putFloat(layout.weight(), weight(row));
    if (row.isNullAt(VALIDATION)) {
      throw new InvalidValueException(columns.validation(), "true or false", "null", "");
    }
    features.write(row.get(FEATURES), record.position(layout.input()));
    return RowFactory.create(id, row.getBoolean(VALIDATION), record.array());
  }

  private float label(Row row) throws InvalidValueException {
    double label = row.isNullAt(LABEL) ? Double.NaN : row.getDouble(LABEL);
    if (!(label >= 0 && label < classes && label == Math.rint(label))) {
      throw new InvalidValueException(
          columns.label(),
          "a label 0 to " + (classes - 1),
          number(row, LABEL),
          "Index the labels with StringIndexer, or set handleInvalid=skip.");
    }
    return (float) label;
  }

  private float weight(Row row) throws InvalidValueException {
    double weight = row.isNullAt(WEIGHT) ? Double.NaN : row.getDouble(WEIGHT);
    if (!(weight >= 0 && Float.isFinite((float) weight))) {
      throw new InvalidValueException(
          columns.weight(), "a finite number >= 0", number(row, WEIGHT), "");
    }
    return (float) weight;
  }

  /** A number as a user writes it: 12, 0.5, NaN, null. */
  private static String number(Row row, int column) {
    if (row.isNullAt(column)) {
      return "null";
    }
    double value = row.getDouble(column);
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
