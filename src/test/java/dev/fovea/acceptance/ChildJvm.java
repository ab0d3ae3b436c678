package dev.fovea.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with Spark's options, as the launcher and spark-submit start one. */
final class ChildJvm {
  /** The settings of bin/fovea, which are in the one jar. */
  static final String READABLE_LOG = "-Dlog4j2.configurationFile=fovea-log4j2.properties";

  private static final int TIMEOUT_MINUTES = 5;

  /**
   * How it ended.
   *
   * @param output standard output and standard error, mixed as they came
   */
  record Result(int status, String output) {}

  private ChildJvm() {}

  /**
   * Runs to the end; kills it when it takes longer than five minutes.
   *
   * @param directory the working directory
   * @param arguments class and arguments, or further options before them
   */
  static Result run(Path directory, List<Path> classPath, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Repository.jvmOptions());
    command.add("-Xmx2g");
    command.add("-Xcheck:jni");
    command.add("-Djava.awt.headless=true");
    command.add("-Dspark.ui.enabled=false");
    command.add("-cp");
    command.add(String.join(":", classPath.stream().map(Path::toString).toList()));
    command.addAll(arguments);

    Path output = Files.createTempFile(directory, "child", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().remove("SPARK_HOME");
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException(
          "Child JVM: expected to end within "
              + TIMEOUT_MINUTES
              + " minutes. Received: "
              + Files.readString(output));
    }
    return new Result(
        process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
  }

  /** The one jar, and Spark's. */
  static List<Path> fovea() {
    return List.of(Repository.jar(), Repository.lib().resolve("*"));
  }
}
