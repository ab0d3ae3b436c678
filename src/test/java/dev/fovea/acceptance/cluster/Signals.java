package dev.fovea.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Stops a process without ending it, and lets it go on. */
final class Signals {
  private Signals() {}

  static void stop(ProcessHandle process) {
    send("STOP", process);
  }

  static void resume(ProcessHandle process) {
    send("CONT", process);
  }

  private static void send(String signal, ProcessHandle process) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -" + signal + ": ended with status " + status + ".");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Test: interrupted", e);
    }
  }
}
