package dev.fovea.spark.transport;

/** The driver cannot be reached, or no longer: what this rank waits for will not come. */
public final class ExchangeLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ExchangeLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
