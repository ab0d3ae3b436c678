package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
  @TempDir Path directory;

  @Test
  void writesNothingButThePictureAndReplacesIt() throws IOException {
    Path target = directory.resolve("with blank").resolve("deep");
    OutputDirectory output = OutputDirectory.make(target.toString(), new Configuration());

    assertThat(output.write("a.png", new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)))
        .endsWith("with blank/deep/a.png");
    output.write("a.png", new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB));

    assertThat(ImageIO.read(target.resolve("a.png").toFile()).getWidth()).isEqualTo(3);
    try (Stream<Path> files = Files.list(target)) {
      assertThat(files).containsExactly(target.resolve("a.png"));
    }
  }

  @Test
  void refusesAPathThatIsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> OutputDirectory.make(file.toString(), new Configuration()))
        .isInstanceOf(UsageException.class)
        .hasMessageMatching(
            "Option --output: expected a directory to write to\\. Received: .*file \\(.+\\)\\.");
  }
}
