package dev.fovea.benchmarks.engine;

/** An engine's process could not do what it was asked for; the tables go on without it. */
public final class ChildException extends Exception {
  private static final long serialVersionUID = 1;

  ChildException(String message) {
    super(message);
  }

  ChildException(String message, Throwable cause) {
    super(message, cause);
  }
}
