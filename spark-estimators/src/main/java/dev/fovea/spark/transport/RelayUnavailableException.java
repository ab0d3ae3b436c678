package dev.fovea.spark.transport;

/** A leader cannot open its relay to other executors: this group has no tree. */
public final class RelayUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RelayUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
