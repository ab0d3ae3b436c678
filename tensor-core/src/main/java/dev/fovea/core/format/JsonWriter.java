package dev.fovea.core.format;

import java.util.Iterator;
import java.util.Map;

/** Writes Java values as JSON text; see {@link Json}. Any Number is written as its own text. */
final class JsonWriter {
  private final boolean indented;
  private final StringBuilder out = new StringBuilder();
  private int level;

  JsonWriter(boolean indented) {
    this.indented = indented;
  }

  String write(Object value) {
    writeValue(value);
    return out.toString();
  }

  private void writeValue(Object value) {
    if (value instanceof Map<?, ?> map) {
      writeObject(map);
    } else if (value instanceof Iterable<?> items) {
      writeArray(items);
    } else if (value instanceof CharSequence text) {
      writeString(text);
    } else if (value == null || value instanceof Boolean || isFinite(value)) {
      out.append(value);
    } else {
      throw new IllegalArgumentException(
          "JSON: expected an object, array, string, finite number, boolean or null. Received: "
              + value
              + " ("
              + value.getClass().getSimpleName()
              + ").");
    }
  }

  private void writeObject(Map<?, ?> map) {
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    open('{');
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      newLine();
      writeString((String) entry.getKey());
      out.append(indented ? ": " : ":");
      writeValue(entry.getValue());
      out.append(entries.hasNext() ? "," : "");
    }
    close('}', map.isEmpty());
  }

  private void writeArray(Iterable<?> items) {
    Iterator<?> values = items.iterator();
    boolean empty = !values.hasNext();
    open('[');
    while (values.hasNext()) {
      newLine();
      writeValue(values.next());
      out.append(values.hasNext() ? "," : "");
    }
    close(']', empty);
  }

  private void open(char bracket) {
    out.append(bracket);
    level++;
  }

  private void close(char bracket, boolean empty) {
    level--;
    if (!empty) {
      newLine();
    }
    out.append(bracket);
  }

  private void newLine() {
    if (indented) {
      out.append('\n').append("  ".repeat(level));
    }
  }

  private void writeString(CharSequence text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      writeCharacter(text.charAt(i));
    }
    out.append('"');
  }

  private void writeCharacter(char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ' || Character.isSurrogate(c)) { // A lone surrogate would not survive UTF-8.
          out.append("\\u%04x".formatted((int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  private static boolean isFinite(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }
}
