package dev.fovea.core.text;

/**
 * An attribute with a value it cannot have. Its message begins with the type that was made; {@link
 * #problem()} leaves the type out, for readers of text that know a better place, such as a line.
 */
public final class AttributeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String problem;

  private AttributeException(String problem, Class<?> type, UnexpectedValueException cause) {
    super(type.getSimpleName() + ": " + problem, cause);
    this.problem = problem;
  }

  /** The attribute has a value that its type cannot have. */
  public AttributeException(Class<?> type, String attribute, UnexpectedValueException cause) {
    this("attribute '" + attribute + "': " + cause.getMessage(), type, cause);
  }

  public AttributeException(Class<?> type, String attribute, String expected, String received) {
    this(type, attribute, new UnexpectedValueException(expected, received));
  }

  /** A word of the text is not {@code key=value}. */
  static AttributeException malformed(Class<?> type, String word) {
    UnexpectedValueException cause = new UnexpectedValueException("key=value", "'" + word + "'");
    return new AttributeException(cause.getMessage(), type, cause);
  }

  /** {@code attribute '<name>': expected <what>. Received: <value>.} */
  public String problem() {
    return problem;
  }
}
