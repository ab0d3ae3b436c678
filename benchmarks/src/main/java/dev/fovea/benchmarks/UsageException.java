package dev.fovea.benchmarks;

/** The command line asks for what there is not: the message is all there is to say. */
final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
