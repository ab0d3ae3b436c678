package dev.fovea.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tiny images for tests: class 0 is bright on the left, class 1 on the right, with noise. */
public final class Images {
  public static final int SIDE = 8;

  /** An image struct whose fields may not be null, as users often make it. */
  public static final StructType IMAGE =
      new StructType()
          .add("origin", DataTypes.StringType, true)
          .add("height", DataTypes.IntegerType, false)
          .add("width", DataTypes.IntegerType, false)
          .add("nChannels", DataTypes.IntegerType, false)
          .add("mode", DataTypes.IntegerType, false)
          .add("data", DataTypes.BinaryType, false);

  /** Columns image, features (the same pixels, 0 to 1), label, weight, validation. */
  public static final StructType SCHEMA =
      new StructType()
          .add("image", IMAGE)
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("weight", DataTypes.DoubleType)
          .add("validation", DataTypes.BooleanType);

  /** A network that tells them apart. */
  public static final String NETWORK =
      """
      # fovea network 1
      image   Input    shape=8,8,1 dtype=uint8 mean=127.5 std=127.5
      conv    Conv2d   filters=4 kernel=3
      relu    Relu
      pool    MaxPool2d kernel=2 stride=2
      logits  Dense    units=2
      label   Target
      loss    SoftmaxCrossEntropy from=logits,label
      """;

  private Images() {}

  /** {@code rows} gray images; classes take turns, every fourth row is for validation. */
  public static Dataset<Row> leftRight(int rows, long seed) {
    return frame(rows(rows, seed), SCHEMA);
  }

  public static List<Row> rows(int rows, long seed) {
    Random random = new Random(seed);
    List<Row> result = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int label = i % 2;
      byte[] pixels = new byte[SIDE * SIDE];
      double[] features = new double[pixels.length];
      for (int p = 0; p < pixels.length; p++) {
        boolean bright = (p % SIDE < SIDE / 2) == (label == 0);
        int value = (bright ? 150 : 20) + random.nextInt(80);
        pixels[p] = (byte) value;
        features[p] = value / 255.0;
      }
      result.add(
          RowFactory.create(
              image("row" + i, SIDE, SIDE, 1, pixels),
              Vectors.dense(features),
              (double) label,
              1.0,
              i % 4 == 3));
    }
    return result;
  }

  public static Row image(String origin, int height, int width, int channels, byte[] pixels) {
    int mode = (channels - 1) * 8; // OpenCV's numbers: CV_8UC1 0, CV_8UC3 16, CV_8UC4 24
    return RowFactory.create(origin, height, width, channels, mode, pixels);
  }

  /** A data set in two partitions: the first and the second half of the rows. */
  public static Dataset<Row> frame(List<Row> rows, StructType schema) {
    return SharedSpark.session().createDataFrame(rows, schema);
  }

  /** As {@link #leftRight}, but of twice the side. */
  public static Dataset<Row> enlarged(int rows, long seed) {
    List<Row> result = new ArrayList<>();
    for (Row row : rows(rows, seed)) {
      byte[] small = row.getStruct(0).getAs(5);
      byte[] large = new byte[4 * SIDE * SIDE];
      for (int p = 0; p < large.length; p++) {
        large[p] = small[p / (4 * SIDE) * SIDE + p % (2 * SIDE) / 2];
      }
      Row image = image(row.getStruct(0).getString(0), 2 * SIDE, 2 * SIDE, 1, large);
      result.add(RowFactory.create(image, row.get(1), row.get(2), row.get(3), row.get(4)));
    }
    return frame(result, SCHEMA);
  }

  /** The image struct as Spark's own image source has it. */
  public static StructType nullableImage() {
    return IMAGE.asNullable();
  }
}
