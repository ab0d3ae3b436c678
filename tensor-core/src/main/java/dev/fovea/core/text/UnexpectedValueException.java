package dev.fovea.core.text;

/** Text that is not the written form of a value. The message does not say where the text stood. */
public final class UnexpectedValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** {@code expected <expected>. Received: <received>.}, with {@code nothing} for empty text. */
  public UnexpectedValueException(String expected, String received) {
    super(
        "expected "
            + expected
            + ". Received: "
            + (received.isEmpty() ? "nothing" : received)
            + ".");
  }
}
