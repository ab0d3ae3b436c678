package dev.fovea.spark.checkpoint;

import dev.fovea.core.format.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a JSON object in {@code training.json}, each with the type that it must have. What
 * is wrong is an IllegalArgumentException.
 */
record JsonFields(Map<String, Object> values) {
  String text(String name) {
    return field(name, "a text", String.class);
  }

  long integer(String name) {
    return field(name, "an integer", Long.class);
  }

  /** An integer that is a count: 0 to 2^31 - 1. */
  int count(String name) {
    long value = integer(name);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw wrong("a count as '" + name + "'", value);
    }
    return (int) value;
  }

  /** A long that was written as text, since JSON numbers are not as exact everywhere. */
  long longText(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException e) {
      throw wrong("an integer in quotes as '" + name + "'", text(name));
    }
  }

  double number(String name) {
    return field(name, "a number", Number.class).doubleValue();
  }

  boolean truth(String name) {
    return field(name, "true or false", Boolean.class);
  }

  List<String> texts(String name) {
    return field(name, "a list of texts", List.class).stream().map(String::valueOf).toList();
  }

  List<Long> integers(String name) {
    List<?> list = field(name, "a list of integers", List.class);
    for (Object value : list) {
      if (!(value instanceof Long)) {
        throw wrong("a list of integers as '" + name + "'", list);
      }
    }
    return list.stream().map(Long.class::cast).toList();
  }

  @SuppressWarnings("unchecked") // The JSON reader makes only such maps.
  JsonFields object(String name) {
    return new JsonFields((Map<String, Object>) field(name, "an object", Map.class));
  }

  Set<String> names() {
    return values.keySet();
  }

  /** {@code training.json: expected <expected>. Received: <received>.} */
  static IllegalArgumentException wrong(String expected, Object received) {
    return new IllegalArgumentException(
        "training.json: expected %s. Received: %s.".formatted(expected, Json.print(received)));
  }

  private <T> T field(String name, String expected, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw wrong(expected + " as '" + name + "'", value);
    }
    return type.cast(value);
  }
}
