package dev.fovea.acceptance.cluster;

import dev.fovea.acceptance.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Workers and {@code local-cluster} start executors from: a folder laid out as a Spark
 * installation, whose jars are Maven's.
 */
final class SparkHome {
  private static final Pattern CORE = Pattern.compile("spark-core_([0-9.]+)-.*\\.jar");

  private SparkHome() {}

  /** The folder, beside that of the jars; made when it is not there. */
  static Path directory() {
    Path lib = Repository.lib();
    Path home = lib.resolveSibling("spark-home-of-" + lib.getFileName());
    try {
      Files.createDirectories(home);
      Files.createSymbolicLink(home.resolve("jars"), lib);
    } catch (FileAlreadyExistsException e) {
      return home; // made by a test before
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return home;
  }

  /** What a JVM that starts executors, and they, need to find all that. */
  static Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME", directory().toString(),
        "SPARK_SCALA_VERSION", scalaVersion(),
        "SPARK_LOCAL_IP", "127.0.0.1");
  }

  private static String scalaVersion() {
    return Repository.files(Repository.lib(), ".jar").stream()
        .map(jar -> CORE.matcher(jar.getFileName().toString()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Folder "
                        + Repository.lib()
                        + ": expected a jar of Spark's core. Received: none. Run mvn verify."));
  }
}
