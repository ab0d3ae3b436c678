package dev.fovea.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainFashionMnistTest {
  private static final String MAIN = "dev.fovea.pipelines.TrainFashionMnist";
  private static final Pattern ACCURACY =
      Pattern.compile("(?m)^Test accuracy: ([0-9.]+) % \\(([0-9,]+) of ([0-9,]+)\\)$");

  @TempDir Path directory;

  @Test
  void leavesAModelAndPicturesAndRepeatsBitForBitUnderSparkSubmit() throws Exception {
    List<String> small = List.of("--images", "600", "--epochs", "2", "--seed", "7");

    ChildJvm.Result embedded =
        train(small, List.of("--master", "local[2]", "--output", "embedded run"));
    ChildJvm.Result submitted = submit(small, List.of("--output", "submitted run"));

    assertThat(embedded.status()).as(embedded.output()).isZero();
    assertThat(embedded.output())
        .contains("Glyphs: 500 training images, 100 test images, 28 x 28 pixels")
        .containsPattern("Epoch 2/2: loss [0-9.]+, accuracy [0-9.]+ %, validation loss [0-9.]+")
        .contains("9 &", "precision", "recall");
    assertThat(accuracy(embedded).group(3)).isEqualTo("100");
    Path output = directory.resolve("embedded run");
    assertThat(colors(output.resolve("learning-curves.png"))).isGreaterThan(20);
    assertThat(colors(output.resolve("first-layer-filters.png"))).isGreaterThan(20);
    assertThat(colors(output.resolve("worst-mistakes.png"))).isGreaterThan(20);
    assertThat(output.resolve("model/network.txt")).content().startsWith("# fovea network 1\n");
    assertThat(output.resolve("model/history.json")).content().contains("validationAccuracy");

    assertThat(submitted.status()).as(submitted.output()).isZero();
    assertThat(accuracy(submitted).group()).isEqualTo(accuracy(embedded).group());
    assertThat(directory.resolve("submitted run/model/weights.safetensors"))
        .hasSameBinaryContentAs(output.resolve("model/weights.safetensors"));
  }

  @Test
  void learnsFashionMnistInOneEpoch() throws Exception {
    Path data = Repository.root().resolve("../shared/data/fashion_mnist").normalize();
    assumeTrue(Files.isDirectory(data), "skipped: there is no ../shared/data/fashion_mnist");

    ChildJvm.Result result =
        train(
            List.of("--data", data.toString(), "--epochs", "1", "--output", "fashion"), List.of());

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("Fashion-MNIST: 60,000 training images, 10,000 test images, 28 x 28 pixels")
        .contains("9 Ankle boot");
    assertThat(Double.parseDouble(accuracy(result).group(1))).isGreaterThanOrEqualTo(85);
  }

  @Test
  void aMistakeOnTheCommandLineIsOneLineWithoutAStackTrace() throws Exception {
    ChildJvm.Result unknown = train(List.of("--epoch", "3"), List.of());
    ChildJvm.Result missing = train(List.of("--data", "no such folder"), List.of());

    assertThat(unknown)
        .isEqualTo(
            new ChildJvm.Result(
                2,
                "Command line: expected one of --data, --images, --epochs, --batch-size, --seed,"
                    + " --precision, --output, --master, --help. Received: '--epoch'.\n"));
    assertThat(missing)
        .isEqualTo(
            new ChildJvm.Result(
                2,
                "File no such folder/train-images-idx3-ubyte.gz: expected a file of the"
                    + " Fashion-MNIST set. Received: no such file. Give --data the directory with"
                    + " the four files of Fashion-MNIST, or leave it out.\n"));
  }

  private ChildJvm.Result train(List<String> options, List<String> more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(ChildJvm.READABLE_LOG, MAIN));
    arguments.addAll(options);
    arguments.addAll(more);
    return ChildJvm.run(directory, ChildJvm.fovea(), arguments);
  }

  private ChildJvm.Result submit(List<String> options, List<String> more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--class",
                MAIN,
                Repository.jar().toString()));
    arguments.addAll(options);
    arguments.addAll(more);
    return ChildJvm.run(directory, List.of(Repository.lib().resolve("*")), arguments);
  }

  private static Matcher accuracy(ChildJvm.Result result) {
    Matcher matcher = ACCURACY.matcher(result.output());
    assertThat(matcher.find()).as(result.output()).isTrue();
    return matcher;
  }

  private static int colors(Path picture) throws IOException {
    BufferedImage image = ImageIO.read(picture.toFile());
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colors.add(image.getRGB(x, y));
      }
    }
    return colors.size();
  }
}
