package dev.fovea.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the things under test lie; the build says so in system properties. */
public final class Repository {
  private Repository() {}

  /** The folder with README.md. */
  public static Path root() {
    return path("fovea.root");
  }

  /** Everything of Fovea in one jar, without Spark. */
  public static Path jar() {
    return path("fovea.jar");
  }

  /** Spark's jars. */
  public static Path lib() {
    return path("fovea.lib");
  }

  /** What Spark needs opened in a JVM. */
  public static List<String> jvmOptions() {
    return List.of(property("fovea.jvmOptions").split(" +"));
  }

  static String read(String file) {
    try {
      return Files.readString(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of a folder, at any depth, with this ending. */
  public static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    return Path.of(property(name)).toAbsolutePath().normalize();
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "System property " + name + ": expected a value. Received: nothing. Run mvn verify.");
    }
    return value;
  }
}
