package dev.fovea.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafeTensorsTest {
  private static final String WHERE = "Weights file hdfs://models/weights.safetensors";

  @Test
  void tensorsAndMetadataSurviveARoundTrip() throws IOException {
    NamedTensor a =
        tensor("conv1.weight", Shape.of(2, 3), 1, -2, 3.5f, Float.MIN_VALUE, -0f, 1e38f);
    NamedTensor b = tensor("conv1.bias", Shape.of(3), 7, 8, Float.NaN);
    byte[] file = write(List.of(a, b), Map.of("network", "# fovea\n", "version", "0.1.0"));
    NamedTensor readA = zeros("conv1.weight", Shape.of(2, 3));
    NamedTensor readB = zeros("conv1.bias", Shape.of(3));

    // The order here is not the order in the file.
    Map<String, String> metadata = read(file, readB, readA);

    assertThat(readA.floats()).isEqualTo(a.floats());
    assertThat(readB.floats()).isEqualTo(b.floats());
    assertThat(metadata)
        .containsOnly(Map.entry("network", "# fovea\n"), Map.entry("version", "0.1.0"));
  }

  @Test
  void tensorsLargerThanABlockSurviveARoundTrip() throws IOException {
    NamedTensor large = zeros("w", Shape.of(100_003));
    for (int i = 0; i < 100_003; i++) {
      large.floats().order(ByteOrder.LITTLE_ENDIAN).putFloat(i * 4, i);
    }
    NamedTensor copy = zeros("w", Shape.of(100_003));

    read(write(List.of(large), Map.of()), copy);

    assertThat(copy.floats()).isEqualTo(large.floats());
  }

  @Test
  void theBytesAreThoseOfThePublishedFormat() throws IOException {
    byte[] file = write(List.of(tensor("a", Shape.of(2), 1, -2)), Map.of("k", "v"));

    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded);
    expected.put(header.getBytes(StandardCharsets.UTF_8));
    expected.put(" ".repeat(padded - header.length()).getBytes(StandardCharsets.UTF_8));
    expected.put(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0});
    assertThat(file).isEqualTo(expected.array());
  }

  @Test
  void aFileOfAnotherWriterIsRead() throws IOException {
    NamedTensor a = zeros("a", Shape.of(1));
    NamedTensor b = zeros("b", Shape.of(1, 2));

    Map<String, String> metadata =
        read(
            file(
                """
                { "b": {"data_offsets": [4, 12], "dtype": "F32", "shape": [1, 2]},
                  "a": {"data_offsets": [0, 4], "dtype": "F32", "shape": [1]} }
                """,
                1,
                2,
                3),
            a,
            b);

    assertThat(metadata).isEmpty();
    assertThat(floats(a)).containsExactly(1);
    assertThat(floats(b)).containsExactly(2, 3);
  }

  @Test
  void aTruncatedFileSaysHowManyBytesAreThere() throws IOException {
    byte[] file = write(List.of(zeros("w", Shape.of(421_648))), Map.of());
    int headerBytes = file.length - 421_648 * 4;

    assertThatThrownBy(
            () -> read(Arrays.copyOf(file, headerBytes + 1000), zeros("w", Shape.of(421_648))))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            WHERE
                + ": expected 1,686,592 bytes of tensors. Received: 1,000 (the file is truncated)."
                + " Save the model again or restore the file.");
  }

  @Test
  void messagesDoNotDependOnTheLocale() throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      aTruncatedFileSaysHowManyBytesAreThere();
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aFileThatEndsInTheHeaderIsRefused() throws IOException {
    byte[] file = write(List.of(zeros("w", Shape.of(4))), Map.of());

    assertRefused(
        Arrays.copyOf(file, 3),
        ": expected 8 bytes with the length of the header. Received: 3 (the file is truncated)."
            + " Save the model again or restore the file.");
    assertRefused(
        Arrays.copyOf(file, 20),
        ": expected a header of 56 bytes. Received: 12 (the file is truncated). Save the model"
            + " again or restore the file.");
  }

  @Test
  void aFileWithMoreThanItsTensorsIsRefused() {
    assertRefused(
        file("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", 1, 2, 3, 4, 5),
        ": expected 16 bytes of tensors. Received: more than 16. Save the model again or restore"
            + " the file.");
  }

  @Test
  void anAbsurdHeaderLengthIsRefusedBeforeMemoryIsTaken() {
    assertRefused(
        "\u0089PNG\r\n\u001a\n and more".getBytes(StandardCharsets.ISO_8859_1),
        ": expected a header of 2 to 100,000,000 bytes. Received: 727,905,341,920,923,785 (no"
            + " safetensors file). Save the model again or restore the file.");
    assertRefused(
        new byte[] {-1, -1, -1, -1, -1, -1, -1, -1},
        ": expected a header of 2 to 100,000,000 bytes. Received: 18,446,744,073,709,551,615 (no"
            + " safetensors file). Save the model again or restore the file.");
  }

  @Test
  void aHeaderThatIsNoJsonIsRefused() {
    assertRefused(file("{\"w\": F32}"), ": header line 1: expected a value. Received: 'F32}'.");
    assertRefused(file("[1, 2]"), ": header: expected a JSON object. Received: [1,2].");
  }

  @Test
  void aHeaderOfAnotherFormIsRefused() {
    assertRefused(
        file("{\"w\":{\"dtype\":\"F32\",\"shape\":[4.5],\"data_offsets\":[0,16]}}"),
        ": tensor 'w': expected dtype, shape and two data_offsets. Received:"
            + " {\"dtype\":\"F32\",\"shape\":[4.5],\"data_offsets\":[0,16]}. Save the model again"
            + " or restore the file.");
    assertRefused(
        file("{\"w\":7}"),
        ": tensor 'w': expected dtype, shape and two data_offsets. Received: 7. Save the model"
            + " again or restore the file.");
  }

  @Test
  void aMissingTensorIsNamed() {
    assertRefused(
        file("{}"),
        ": expected a tensor 'w'. Received: none of that name. Load weights that this network was"
            + " saved with.");
  }

  @Test
  void tensorsOfAnotherNetworkAreNamed() {
    assertRefused(
        file(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},"
                + "\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]},"
                + "\"u\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[20,24]}}"),
        ": expected the tensors of this network only. Received: 'u', 'v' as well. Load weights that"
            + " this network was saved with.");
  }

  @Test
  void anotherDtypeIsRefused() {
    assertRefused(
        file("{\"w\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}"),
        ": tensor 'w': expected dtype F32. Received: F16. Convert the file to float32.");
  }

  @Test
  void anotherShapeIsRefused() {
    assertRefused(
        file("{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}"),
        ": tensor 'w': expected shape [4]. Received: [2, 2]. Load weights that this network was"
            + " saved with.");
  }

  @Test
  void dataThatDoNotFitTheShapeAreRefused() {
    assertRefused(
        file("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,12]}}"),
        ": tensor 'w': expected data of 16 bytes. Received: 12. Save the model again or restore the"
            + " file.");
    assertRefused(
        file("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,24]}}"),
        ": tensor 'w': expected data from byte 0, without a gap. Received: 8. Save the model again"
            + " or restore the file.");
  }

  @Test
  void nothingIsWrittenBeforeTheHeaderIsChecked() {
    NamedTensor w = zeros("w", Shape.of(1));
    byte[] file =
        file(
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"v\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[4,12]}}",
            1,
            2,
            3);

    assertThatThrownBy(() -> read(file, w, zeros("v", Shape.of(1))))
        .hasMessage(
            WHERE
                + ": tensor 'v': expected dtype F32. Received: I64. Convert the file to float32.");
    assertThat(floats(w)).containsExactly(0);
  }

  @Test
  void aTensorKnowsTheSizeOfItsMemory() {
    assertThatThrownBy(() -> new NamedTensor("w", Shape.of(300), ByteBuffer.allocate(12)))
        .hasMessage("Tensor 'w': expected 1,200 bytes for shape [300]. Received: 12.");
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> read(file, zeros("w", Shape.of(4))))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(WHERE + message);
  }

  private static byte[] write(List<NamedTensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafeTensors.write(out, tensors, metadata);
    return out.toByteArray();
  }

  private static Map<String, String> read(byte[] file, NamedTensor... tensors) throws IOException {
    return SafeTensors.read(new ByteArrayInputStream(file), WHERE, List.of(tensors));
  }

  private static byte[] file(String header, float... data) {
    byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + utf8.length + 4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(utf8.length).put(utf8);
    for (float value : data) {
      file.putFloat(value);
    }
    return file.array();
  }

  private static NamedTensor zeros(String name, Shape shape) {
    return new NamedTensor(name, shape, ByteBuffer.allocateDirect((int) shape.size() * 4));
  }

  private static NamedTensor tensor(String name, Shape shape, float... values) {
    NamedTensor tensor = zeros(name, shape);
    tensor.floats().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return tensor;
  }

  private static float[] floats(NamedTensor tensor) {
    float[] values = new float[(int) tensor.shape().size()];
    tensor.floats().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
