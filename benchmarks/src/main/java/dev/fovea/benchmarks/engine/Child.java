package dev.fovea.benchmarks.engine;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that does one engine's work on one network when it is told to; the lines are those of
 * {@link dev.fovea.benchmarks.child}. Not thread safe. Ends with {@link #close}.
 */
public final class Child implements AutoCloseable {
  private static final long START_SECONDS = 120;
  private static final long PREPARE_SECONDS = 600; // torch.compile calls a C++ compiler
  private static final long RUN_SECONDS = 120;
  private static final String END = "(end of output)";

  private final String name;
  private final Process process;
  private final File log;
  private final PrintStream commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private String about = "";

  private Child(String name, Process process, File log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "answers of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param name for messages
   */
  static Child start(String name, ProcessBuilder builder) throws ChildException {
    try {
      File log = File.createTempFile("fovea-benchmark", ".log");
      Child child = new Child(name, builder.redirectError(log).start(), log);
      try {
        child.about = child.answer("ready", START_SECONDS);
        return child;
      } catch (ChildException e) {
        child.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ChildException(
          "%s: expected a process. Received: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Name and version of the engine, as it says. */
  public String about() {
    return about;
  }

  /** Builds what {@link #run} will need, and warms it up. */
  public void prepare(Variant variant, Mode mode) throws ChildException {
    commands.println("prepare " + variant.name() + " " + mode.word());
    String unused = answer("ready", PREPARE_SECONDS);
  }

  /**
   * Lets it work for that long.
   *
   * @return rows a second
   */
  public double run(Variant variant, Mode mode, double seconds) throws ChildException {
    begin(variant, mode, seconds);
    return rate();
  }

  /** Lets it begin what {@link #run} does; {@link #rate} is to be asked next. */
  void begin(Variant variant, Mode mode, double seconds) {
    commands.println(
        String.format(Locale.ROOT, "run %s %s %s", variant.name(), mode.word(), seconds));
  }

  /** Waits for the end of what was begun, and says how many rows a second it did. */
  double rate() throws ChildException {
    String rate = answer("rate", RUN_SECONDS);
    try {
      return Double.parseDouble(rate);
    } catch (NumberFormatException e) {
      throw new ChildException(
          "%s: expected a number of rows a second. Received: '%s'.".formatted(name, rate), e);
    }
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /** The most memory that the process has had resident so far, in bytes. */
  public long peakMemory() throws ChildException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow(() -> new IOException("no VmHWM in " + status));
    } catch (IOException e) {
      throw new ChildException(
          "%s: expected its peak memory. Received: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Asks the process to end, and ends it if it does not. */
  @Override
  public void close() {
    commands.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    boolean unused = log.delete();
  }

  /** What follows the expected word in the next answer. */
  private String answer(String expected, long seconds) throws ChildException {
    String line;
    try {
      line = answers.poll(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChildException(name + ": interrupted", e);
    }
    if (line != null && (line.equals(expected) || line.startsWith(expected + " "))) {
      return line.substring(expected.length()).strip();
    }
    String received =
        line == null
            ? "nothing in " + seconds + " s"
            : END.equals(line) ? line + lastWords() : line;
    throw new ChildException("%s: expected '%s'. Received: %s".formatted(name, expected, received));
  }

  /** The last line that the process wrote for people. */
  private String lastWords() {
    try {
      return Files.readAllLines(log.toPath(), StandardCharsets.UTF_8).stream()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .map(line -> " (" + line.strip() + ")")
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      // The process is gone: the line below says so.
    }
    answers.add(END);
  }
}
