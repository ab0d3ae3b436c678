package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.spark.Images;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class FeatureWriterTest {
  private static final byte[] PIXELS = {1, 2, 3, 4, 5, (byte) 250};

  private static FeatureWriter images(DataType dtype, boolean resize) {
    StructField field = new StructField("image", Images.IMAGE, true, Metadata.empty());
    return FeatureWriter.of(field, Shape.of(1, 2, 3), dtype, resize);
  }

  private static FeatureWriter vectors() {
    return FeatureWriter.of(Columns.vector("features", 3), Shape.of(3), DataType.FLOAT32, false);
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
  }

  private static void refuses(FeatureWriter writer, Object features, String message) {
    assertThatThrownBy(() -> writer.write(features, buffer()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(message);
  }

  @Test
  void bytesStayBytesInTheirOrder() throws Exception {
    ByteBuffer record = buffer();
    images(DataType.UINT8, false).write(Images.image("a", 1, 2, 3, PIXELS), record.position(4));
    assertThat(record.position()).isEqualTo(10);
    assertThat(record.slice(4, 6)).isEqualTo(ByteBuffer.wrap(PIXELS));
  }

  @Test
  void bytesBecomeFloatsForAFloatInput() throws Exception {
    ByteBuffer record = buffer();
    images(DataType.FLOAT32, false).write(Images.image("a", 1, 2, 3, PIXELS), record);
    assertThat(record.getFloat(0)).isEqualTo(1f);
    assertThat(record.getFloat(20)).isEqualTo(250f);
  }

  @Test
  void imagesOfAnotherSizeAreResizedWhenAsked() throws Exception {
    byte[] square = new byte[4 * 4 * 3];
    Arrays.fill(square, (byte) 9);
    ByteBuffer record = buffer();
    images(DataType.UINT8, true).write(Images.image("a", 4, 4, 3, square), record);
    assertThat(record.slice(0, 6)).isEqualTo(ByteBuffer.wrap(new byte[] {9, 9, 9, 9, 9, 9}));
  }

  @Test
  void fieldsOfAnImageAreFoundByName() throws Exception {
    List<StructField> fields = new ArrayList<>(List.of(Images.IMAGE.fields()));
    Collections.reverse(fields);
    StructType reversed = new StructType(fields.toArray(StructField[]::new));
    StructField field = new StructField("image", reversed, true, Metadata.empty());
    ByteBuffer record = buffer();
    Row image = RowFactory.create(PIXELS, 16, 3, 2, 1, "a");
    FeatureWriter.of(field, Shape.of(1, 2, 3), DataType.UINT8, false).write(image, record);
    assertThat(record.slice(0, 6)).isEqualTo(ByteBuffer.wrap(PIXELS));
  }

  @Test
  void badImagesAreRefused() {
    FeatureWriter writer = images(DataType.UINT8, false);
    refuses(writer, null, "expected an image. Received: null.");
    refuses(
        writer,
        Images.image("file:/a.png", -1, -1, -1, new byte[0]),
        "expected an image. Received: an undefined image (origin 'file:/a.png').");
    refuses(
        writer,
        Images.image("a", 1, 2, 4, new byte[8]),
        "expected an image of 3 channels. Received: 4 channels (origin 'a'). Convert the image, or"
            + " give the network an Input of that many channels.");
    refuses(
        writer,
        Images.image(null, 1, 2, 1, new byte[2]),
        "expected an image of 3 channels. Received: 1 channel (origin unknown). Convert the image,"
            + " or give the network an Input of that many channels.");
    refuses(
        writer,
        Images.image("a", 5, 4, 3, new byte[60]),
        "expected an image of 1x2 pixels, height x width. Received: 5x4 (origin 'a'). Set"
            + " resize=true to bring images to the network's size.");
    refuses(
        writer,
        Images.image("a", 1, 2, 3, new byte[24]),
        "expected 6 bytes of pixels (1x2x3). Received: 24 (origin 'a').");
  }

  @Test
  void denseAndSparseVectorsAreTheSame() throws Exception {
    ByteBuffer dense = buffer();
    ByteBuffer sparse = buffer();
    vectors().write(Vectors.dense(0, 2.5, 0), dense);
    vectors().write(Vectors.sparse(3, new int[] {1}, new double[] {2.5}), sparse);
    assertThat(dense.flip()).isEqualTo(sparse.flip());
    assertThat(dense.getFloat(4)).isEqualTo(2.5f);
  }

  @Test
  void badVectorsAreRefused() {
    refuses(vectors(), null, "expected a vector of 3 numbers. Received: null.");
    refuses(
        vectors(),
        Vectors.dense(1, 2),
        "expected a vector of 3 numbers. Received: 2. Set inputShape, or give the network an Input,"
            + " of that many numbers.");
    refuses(
        vectors(),
        Vectors.dense(1, Double.NaN, 2),
        "expected finite numbers. Received: NaN (at index 1). Replace it, for example with"
            + " Imputer.");
    refuses(
        vectors(),
        Vectors.dense(1e300, 0, 2),
        "expected finite numbers. Received: 1.0E300 (at index 0). Replace it, for example with"
            + " Imputer.");
  }

  @Test
  void aRefusedValueLeavesTheBufferWhereItWas() {
    ByteBuffer record = buffer().position(8);
    assertThatThrownBy(() -> vectors().write(Vectors.dense(1, 2, Double.NaN), record))
        .isInstanceOf(InvalidValueException.class);
    assertThat(record.position()).isEqualTo(8);
  }
}
