package dev.fovea.acceptance.cluster;

import dev.fovea.acceptance.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** The compiled tests, as JVMs beside the test's own need them. */
final class TestClasses {
  private TestClasses() {}

  static Path folder() {
    return Path.of(TestClasses.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /** Writes those of this package as a jar, which executors can be sent. */
  static Path jar(Path directory) {
    Path jar = directory.resolve("test-classes.jar");
    Path here = folder().resolve(TestClasses.class.getPackageName().replace('.', '/'));
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Path each : Repository.files(here, ".class")) {
        out.putNextEntry(new ZipEntry(folder().relativize(each).toString()));
        Files.copy(each, out);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
