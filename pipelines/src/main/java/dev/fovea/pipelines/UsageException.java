package dev.fovea.pipelines;

/** The caller of a job asked for something it cannot do: the message is all there is to say. */
final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
