package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxImagesTest {
  private static final String ADVICE =
      " Give --data the directory with the four files of Fashion-MNIST, or leave it out.";

  @TempDir Path directory;
  private Path trainImages;
  private Path trainLabels;
  private Path testImages;

  @BeforeEach
  void writeSmallSet() throws IOException {
    trainImages = directory.resolve("train-images-idx3-ubyte.gz");
    trainLabels = directory.resolve("train-labels-idx1-ubyte.gz");
    testImages = directory.resolve("t10k-images-idx3-ubyte.gz");
    write(trainImages, new int[] {0x803, 2, 1, 3}, 1, 2, 3, 253, 254, 255);
    write(trainLabels, new int[] {0x801, 2}, 9, 0);
    write(testImages, new int[] {0x803, 1, 1, 3}, 7, 8, 9);
    write(directory.resolve("t10k-labels-idx1-ubyte.gz"), new int[] {0x801, 1}, 4);
  }

  @Test
  void readsPixelsAndLabelsInTheirOrder() {
    ImageSet set = IdxImages.read(directory);

    assertThat(set.height()).isEqualTo(1);
    assertThat(set.width()).isEqualTo(3);
    assertThat(set.train()).hasSize(2);
    assertThat(set.train().get(0).pixels()).containsExactly(1, 2, 3);
    assertThat(set.train().get(0).label()).isEqualTo(9);
    assertThat(set.train().get(1).pixels()).containsExactly(253, 254, 255);
    assertThat(set.train().get(1).label()).isZero();
    assertThat(set.test().get(0).pixels()).containsExactly(7, 8, 9);
    assertThat(set.test().get(0).label()).isEqualTo(4);
    assertThat(set.classNames()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
  }

  @Test
  void namesTheMissingFile() throws IOException {
    Files.delete(trainLabels);
    assertMessage(trainLabels, "a file of the Fashion-MNIST set", "no such file");
  }

  @Test
  void namesTheWrongMagicNumber() throws IOException {
    write(trainImages, new int[] {0x801, 2}, 9, 0);
    assertMessage(trainImages, "the IDX magic number 0x00000803", "0x00000801");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    write(trainImages, new int[] {0x803, 2, 1, 3}, 1, 2, 3, 4);
    assertMessage(trainImages, "as many bytes as its header announces", "a shorter file");
  }

  @Test
  void refusesAFileThatIsNotGzipped() throws IOException {
    Files.writeString(trainImages, "not gzipped");
    assertMessage(trainImages, "a gzipped IDX file", "Not in GZIP format");
  }

  @Test
  void refusesAnImpossibleSize() throws IOException {
    write(trainImages, new int[] {0x803, 2, 0, 3});
    assertMessage(trainImages, "a height of 1 to 4096", "0");
  }

  @Test
  void refusesANegativeCount() throws IOException {
    write(trainLabels, new int[] {0x801, -2});
    assertMessage(trainLabels, "a count >= 0", "-2");
  }

  @Test
  void refusesALabelWithoutAClass() throws IOException {
    write(trainLabels, new int[] {0x801, 2}, 9, 10);
    assertMessage(trainLabels, "labels 0 to 9", "10 (label 1 of the file)");
  }

  @Test
  void refusesFewerLabelsThanImages() throws IOException {
    write(trainLabels, new int[] {0x801, 1}, 9);
    assertMessage(trainLabels, "2 labels, one for each image", "1");
  }

  @Test
  void refusesTestImagesOfAnotherSize() throws IOException {
    write(testImages, new int[] {0x803, 1, 2, 2}, 1, 2, 3, 4);
    assertMessage(testImages, "images of 1 x 3 pixels, as in " + trainImages, "2 x 2");
  }

  private void assertMessage(Path file, String expected, String received) {
    assertThatThrownBy(() -> IdxImages.read(directory))
        .isInstanceOf(UsageException.class)
        .hasMessage("File %s: expected %s. Received: %s.%s", file, expected, received, ADVICE);
  }

  private static void write(Path file, int[] header, int... bytes) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (int value : header) {
        out.writeInt(value);
      }
      for (int value : bytes) {
        out.writeByte(value);
      }
    }
  }
}
