package dev.fovea.core.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON text into Java values; see {@link Json}. */
final class JsonReader {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /** Deeper text is not ours, and would overflow the stack. */
  private static final int MAX_DEPTH = 100;

  private final String text;
  private final String where;
  private int at;
  private int depth;

  JsonReader(String text, String where) {
    this.text = text;
    this.where = where;
  }

  Object read() {
    Object value = readValue();
    skipBlanks();
    if (at < text.length()) {
      throw unexpected("the end");
    }
    return value;
  }

  private Object readValue() {
    skipBlanks();
    if (at == text.length()) {
      throw unexpected("a value");
    }
    return switch (text.charAt(at)) {
      case '{' -> readObject();
      case '[' -> readArray();
      case '"' -> readString();
      case 't' -> readWord("true", true);
      case 'f' -> readWord("false", false);
      case 'n' -> readWord("null", null);
      default -> readNumber();
    };
  }

  private Map<String, Object> readObject() {
    Map<String, Object> object = new LinkedHashMap<>();
    enter('{');
    if (skip('}')) {
      depth--;
      return object;
    }
    do {
      skipBlanks();
      if (!isAt('"')) {
        throw unexpected("a key in quotes");
      }
      int keyAt = at;
      String key = readString();
      if (object.containsKey(key)) {
        at = keyAt;
        throw unexpected("a key that is not there yet");
      }
      if (!skip(':')) {
        throw unexpected("':'");
      }
      object.put(key, readValue());
    } while (skip(','));
    leave('}', "',' or '}'");
    return object;
  }

  private List<Object> readArray() {
    List<Object> array = new ArrayList<>();
    enter('[');
    if (skip(']')) {
      depth--;
      return array;
    }
    do {
      array.add(readValue());
    } while (skip(','));
    leave(']', "',' or ']'");
    return array;
  }

  private void enter(char bracket) {
    if (++depth > MAX_DEPTH) {
      throw unexpected("at most " + MAX_DEPTH + " levels");
    }
    skip(bracket);
  }

  private void leave(char bracket, String expected) {
    if (!skip(bracket)) {
      throw unexpected(expected);
    }
    depth--;
  }

  private String readString() {
    StringBuilder string = new StringBuilder();
    at++;
    while (!isAt('"')) {
      if (at == text.length() || text.charAt(at) < ' ') {
        throw unexpected("a character of a string or '\"'");
      }
      char c = text.charAt(at);
      if (c == '\\') {
        string.append(readEscape());
      } else {
        string.append(c);
        at++;
      }
    }
    at++;
    return string.toString();
  }

  private char readEscape() {
    char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    int plain = "\"\\/bfnrt".indexOf(kind);
    if (plain >= 0) {
      at += 2;
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (kind == 'u' && at + 6 <= text.length()) {
      String digits = text.substring(at + 2, at + 6);
      if (digits.matches("[0-9a-fA-F]{4}")) {
        at += 6;
        return (char) Integer.parseInt(digits, 16);
      }
    }
    throw unexpected("an escape of JSON");
  }

  private Object readWord(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  private Object readNumber() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw unexpected("a value");
    }
    String digits = number.group();
    boolean integer = number.group(2) == null && number.group(3) == null && digits.length() <= 18;
    double value = Double.parseDouble(digits);
    if (!Double.isFinite(value)) {
      throw unexpected("a number of 64 bits");
    }
    at = number.end();
    if (integer) {
      return Long.valueOf(digits);
    }
    return value;
  }

  private boolean skip(char c) {
    skipBlanks();
    if (isAt(c)) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean isAt(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private IllegalArgumentException unexpected(String expected) {
    long line = 1 + text.substring(0, at).chars().filter(c -> c == '\n').count();
    return new IllegalArgumentException(
        "%s line %d: expected %s. Received: %s.".formatted(where, line, expected, rest()));
  }

  /** What stands at the place of the error, up to 20 characters of its line. */
  private String rest() {
    if (at == text.length()) {
      return "the end";
    }
    String rest = text.substring(at, Math.min(text.length(), at + 20)).split("[\r\n]", 2)[0];
    return rest.isEmpty() ? "the end of the line" : "'" + rest + "'";
  }
}
