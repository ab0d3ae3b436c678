package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class RecordEncoderTest {
  private static final long PARTITION_3_ROW_17 = (3L << 33) + 17;

  private final SkippedRows skipped = new SkippedRows();

  private static Iterator<Row> encode(SkippedRows skipped, Row... rows) {
    FeatureWriter features =
        FeatureWriter.of(Columns.vector("x", 2), Shape.of(2), DataType.FLOAT32, false);
    return new RecordEncoder(
            new RecordLayout(16, 0, 8, 12),
            features,
            new TrainingColumns("x", "label", "", ""),
            10,
            skipped)
        .call(List.of(rows).iterator());
  }

  private static Row row(Object label) {
    return RowFactory.create(Vectors.dense(5, 6), label, 0.5, true, PARTITION_3_ROW_17);
  }

  @Test
  void aRecordIsFeaturesLabelWeight() {
    Row encoded = encode(null, row(7.0)).next();
    assertThat(encoded.getLong(0)).isEqualTo(PARTITION_3_ROW_17);
    assertThat(encoded.getBoolean(1)).isTrue();
    ByteBuffer record = ByteBuffer.wrap(encoded.<byte[]>getAs(2)).order(ByteOrder.nativeOrder());
    assertThat(record.remaining()).isEqualTo(16);
    assertThat(record.getFloat()).isEqualTo(5);
    assertThat(record.getFloat()).isEqualTo(6);
    assertThat(record.getFloat()).isEqualTo(7);
    assertThat(record.getFloat()).isEqualTo(0.5f);
  }

  @Test
  void aBadRowIsNamedByPartitionAndRow() {
    assertThatThrownBy(() -> encode(null, row(Double.NaN)).hasNext())
        .isInstanceOf(InvalidRowException.class)
        .hasMessage(
            "Partition 3, row 17, column 'label': expected a label 0 to 9. Received: NaN. Index the"
                + " labels with StringIndexer, or set handleInvalid=skip.");
  }

  @Test
  void badRowsAreLeftOutAndCounted() {
    Iterator<Row> rows = encode(skipped, row(null), row(1.0), row(10.0), row(9.0), row(-1.0));
    assertThat(rows).toIterable().hasSize(2);
    assertThat(skipped.value()).isEqualTo(3);
  }

  @Test
  void nothingComesAfterTheEnd() {
    Iterator<Row> rows = encode(skipped, row(null));
    assertThat(rows.hasNext()).isFalse();
    assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
  }
}
