package dev.fovea.benchmarks.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Answers a parent's lines by running blocks of work. Depends on the JDK alone. */
public final class BlockServer {
  private static final int WARM_STEPS = 3;
  private static final double WARM_SECONDS = 0.5;

  /** Work of one kind, ready to run. */
  @FunctionalInterface
  public interface Work {
    /**
     * Works for that long, one step at the least; 0 seconds is one step.
     *
     * @return rows a second
     */
    double rowsPerSecond(double seconds) throws Exception;
  }

  /** Makes work by name. */
  @FunctionalInterface
  public interface Workshop {
    /**
     * Builds it; the caller warms it up.
     *
     * @param variant one of the engine's ways to do it
     * @param mode {@code train} or {@code infer}
     * @throws Exception with a message for the reader of the table, if it cannot be done
     */
    Work prepare(String variant, String mode) throws Exception;
  }

  private final Workshop workshop;
  private final Map<String, Work> prepared = new HashMap<>();

  BlockServer(Workshop workshop) {
    this.workshop = workshop;
  }

  /**
   * Answers until the input ends. What a library prints meanwhile goes to standard error.
   *
   * @param about name and version of the engine
   */
  public static void serve(String about, Workshop workshop) throws IOException {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    new BlockServer(workshop).serve(about, System.in, answers);
  }

  /**
   * Repeats a step until the time is over.
   *
   * @param step does some rows and returns how many
   * @return rows a second
   */
  public static double repeat(LongSupplier step, double seconds) {
    long rows = 0;
    long begin = System.nanoTime();
    long elapsedNanos;
    do {
      rows += step.getAsLong();
      elapsedNanos = System.nanoTime() - begin;
    } while (elapsedNanos < seconds * 1e9);
    return rows * 1e9 / elapsedNanos;
  }

  void serve(String about, InputStream commands, PrintStream answers) throws IOException {
    answers.println("ready " + about);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(commands, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.println(answer(line));
    }
  }

  /** A child outlives what it cannot do: the parent leaves that out and goes on. */
  private String answer(String line) {
    String[] words = line.split(" ", -1);
    try {
      if (words.length == 3 && words[0].equals("prepare")) {
        Work work = workshop.prepare(words[1], words[2]);
        warmUp(work);
        prepared.put(words[1] + " " + words[2], work);
        return "ready";
      }
      Work work = words.length == 4 ? prepared.get(words[1] + " " + words[2]) : null;
      if (work != null && words[0].equals("run")) {
        return "rate " + work.rowsPerSecond(Double.parseDouble(words[3]));
      }
      return "failed expected 'prepare VARIANT MODE', or 'run VARIANT MODE SECONDS' of what is"
          + " prepared. Received: '"
          + line
          + "'.";
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      e.printStackTrace(System.err);
      return "failed " + String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }
  }

  private static void warmUp(Work work) throws Exception {
    for (int i = 0; i < WARM_STEPS; i++) {
      double unused = work.rowsPerSecond(0);
    }
    double unused = work.rowsPerSecond(WARM_SECONDS);
  }
}
