package dev.fovea.pipelines;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where a job leaves its results: a directory of any file system that Hadoop knows. */
final class OutputDirectory {
  private final FileSystem files;
  private final Path directory;

  private OutputDirectory(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** Makes the directory, so that a job does not find out at its end that it cannot. */
  static OutputDirectory make(String path, Configuration configuration) {
    try {
      Path given = new Path(path);
      FileSystem files = given.getFileSystem(configuration);
      Path directory = files.makeQualified(given);
      if (files.mkdirs(directory)) {
        files.setWriteChecksum(false); // no .crc files beside the pictures
        return new OutputDirectory(files, directory);
      }
      throw unusable(path, "one that cannot be made");
    } catch (IOException e) {
      throw unusable(path, String.valueOf(e.getMessage()));
    }
  }

  private static UsageException unusable(String path, String received) {
    return new UsageException(
        "Option --output: expected a directory to write to. Received: "
            + path
            + " ("
            + received
            + ").");
  }

  String modelPath() {
    return new Path(directory, "model").toString();
  }

  /** Writes a PNG over what was there; returns where it is. */
  String write(String name, BufferedImage picture) throws IOException {
    Path file = new Path(directory, name);
    try (OutputStream out = files.create(file, true)) {
      ImageIO.write(picture, "png", out);
    }
    return file.toString();
  }
}
