package dev.fovea.acceptance.cluster;

import dev.fovea.acceptance.Repository;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM that runs beside the test, with Spark's jars and what it needs to start executors. What it
 * writes goes to files. Closing it kills it and the processes it has started; so does the end of
 * the test's own JVM.
 */
final class BackgroundJvm implements AutoCloseable {
  /** JVM options: tests are shorter than the compiler's second thoughts. */
  static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String name;
  private final Process process;
  private final Path output;
  private final Path log;
  private long read; // bytes of the output that were given out

  private BackgroundJvm(String name, Process process, Path output, Path log) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param name of its files in {@code directory}, and in messages
   * @param options of the JVM
   * @param arguments main class and its arguments
   */
  static BackgroundJvm start(
      String name, Path directory, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Repository.jvmOptions());
    command.addAll(QUICK_START);
    command.addAll(options);
    command.add("-cp");
    command.add(
        Repository.jar()
            + ":"
            + TestClasses.folder()
            + ":"
            + SparkHome.directory().resolve("jars/*"));
    command.add(EndsWithParent.class.getName());
    command.addAll(arguments);
    Path output = directory.resolve(name + ".out");
    Path log = directory.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile());
    builder.environment().putAll(SparkHome.environment());
    try {
      return new BackgroundJvm(name, builder.start(), output, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process process() {
    return process;
  }

  /** The processes it has started, and that live. */
  List<ProcessHandle> children() {
    return process.children().filter(ProcessHandle::isAlive).toList();
  }

  /** What it has written on standard output since the last call: whole lines. */
  List<String> newLines() {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(file.length() - read)];
      file.seek(read);
      file.readFully(bytes);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int whole = text.lastIndexOf('\n') + 1;
      read += whole;
      return text.substring(0, whole).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the log has something like this; gives what matched. */
  Matcher awaitLog(Pattern pattern) {
    return Await.value(
        PATIENCE,
        () -> {
          requireAlive();
          try {
            Matcher matcher = pattern.matcher(Files.readString(log, StandardCharsets.UTF_8));
            return matcher.find() ? matcher : null;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        () -> "Process " + name + ": expected " + pattern + " in " + log + ". Received: not yet.");
  }

  /** As kill -9 does. */
  void kill() {
    process.destroyForcibly();
    var unused = process.onExit().join();
  }

  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "Process " + name + ": expected to run. Received: its end, " + process.exitValue() + ".");
    }
  }

  List<Path> files() {
    return List.of(output, log);
  }

  @Override
  public void close() {
    List<ProcessHandle> family = process.descendants().toList();
    kill();
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
  }
}
