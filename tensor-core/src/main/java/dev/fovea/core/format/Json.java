package dev.fovea.core.format;

import java.util.Map;

/**
 * JSON as plain Java values: {@code Map<String, Object>} in the order of the text, {@code
 * List<Object>}, {@code String}, {@code Long} for integers that fit, {@code Double} for other
 * numbers, {@code Boolean} and {@code null}. Strict: RFC 8259 and nothing else; a key may come
 * once.
 */
public final class Json {
  private Json() {}

  /**
   * Reads one value.
   *
   * @param where what messages begin with, for example {@code History file history.json}
   * @throws IllegalArgumentException with the line, if the text is no JSON
   */
  public static Object parse(String text, String where) {
    return new JsonReader(text, where).read();
  }

  /** Reads an object; otherwise as {@link #parse}. */
  @SuppressWarnings("unchecked") // The reader makes only such maps.
  public static Map<String, Object> parseObject(String text, String where) {
    Object value = parse(text, where);
    if (value instanceof Map) {
      return (Map<String, Object>) value;
    }
    throw new IllegalArgumentException(
        where + ": expected a JSON object. Received: " + print(value) + ".");
  }

  /**
   * The value on one line, without blanks.
   *
   * @throws IllegalArgumentException for a value that JSON does not have, such as NaN
   */
  public static String print(Object value) {
    return new JsonWriter(false).write(value);
  }

  /** The value over several lines, for people: two blanks a level; otherwise as {@link #print}. */
  public static String indented(Object value) {
    return new JsonWriter(true).write(value) + "\n";
  }
}
