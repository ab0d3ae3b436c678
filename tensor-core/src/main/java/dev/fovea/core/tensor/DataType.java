package dev.fovea.core.tensor;

import dev.fovea.core.text.UnexpectedValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How one element of a field is stored. Known by name everywhere, never by ordinal. */
public enum DataType {
  FLOAT32("float32", 4),
  UINT8("uint8", 1);

  private final String text;
  private final int bytes;

  DataType(String text, int bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The name in network text, for example {@code uint8}. */
  public String text() {
    return text;
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException for an unknown name
   */
  public static DataType parse(String text) {
    for (DataType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    String known = Arrays.stream(values()).map(DataType::text).collect(Collectors.joining(", "));
    throw new UnexpectedValueException("one of " + known, "'" + text + "'");
  }

  @Override
  public String toString() {
    return text;
  }
}
