package dev.fovea.core.network;

import dev.fovea.core.layer.FieldLayer;
import dev.fovea.core.layer.ParametricLayer;
import dev.fovea.core.text.RecordText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The lines of a network as they come, from text or from a builder. Each is checked against those
 * before it: every name means an earlier line, so that there are no cycles. The messages are
 * native's.
 */
final class NetworkLines {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./:-]*");

  private final List<NetworkLine> lines = new ArrayList<>();

  /** {@code Layer 'conv1' (Conv2d, line 2): }, the beginning of every message about a line. */
  static String where(String name, String type, int number) {
    return "Layer '%s' (%s, line %d): ".formatted(name, type, number);
  }

  /** What a line reads that does not say so: the line before it. */
  List<String> defaultSources() {
    return lines.isEmpty() ? List.of() : List.of(lines.get(lines.size() - 1).name());
  }

  /**
   * Adds a line.
   *
   * @param number of the line in its text, from 1; for messages
   * @throws IllegalArgumentException if it does not fit the lines before it
   */
  void add(NetworkLine line, int number) {
    String where = where(line.name(), line.type(), number);
    checkName(where, line);
    checkSources(where, line);
    checkShared(where, line);
    checkSettings(where, line);
    lines.add(line);
  }

  /**
   * Gives the last line other settings.
   *
   * @throws IllegalArgumentException if it then does not fit; the line stays as it was
   */
  void replaceLast(NetworkLine line, int number) {
    NetworkLine last = lines.remove(lines.size() - 1);
    try {
      add(line, number);
    } catch (IllegalArgumentException e) {
      lines.add(last);
      throw e;
    }
  }

  boolean has(String name) {
    return lines.stream().anyMatch(line -> line.name().equals(name));
  }

  int size() {
    return lines.size();
  }

  NetworkLine last() {
    return lines.get(lines.size() - 1);
  }

  List<NetworkLine> toList() {
    return List.copyOf(lines);
  }

  private void checkName(String where, NetworkLine line) {
    if (!NAME.matcher(line.name()).matches()) {
      throw wrong(
          where + "expected a name of letters, digits and _ . / : -", "'" + line.name() + "'");
    }
    if (has(line.name())) {
      throw wrong(
          where + "expected a name of its own",
          "'" + line.name() + "', the name of an earlier line");
    }
  }

  private void checkSources(String where, NetworkLine line) {
    if (line.layer() instanceof FieldLayer) {
      if (!line.from().isEmpty()) {
        throw wrong(
            where + "attribute 'from': expected none, since " + line.type() + " reads the rows",
            "'" + String.join(",", line.from()) + "'");
      }
      return;
    }
    if (line.from().isEmpty()) {
      throw wrong(where + "expected an Input before it", "the first line");
    }
    for (String source : line.from()) {
      if (!has(source)) {
        throw wrong(
            where + "attribute 'from': expected names of earlier lines", "'" + source + "'");
      }
    }
  }

  private void checkShared(String where, NetworkLine line) {
    if (line.weightsOf().isPresent() && !has(line.weightsOf().get())) {
      throw wrong(
          where + "attribute 'weightsOf': expected the name of an earlier line",
          "'" + line.weightsOf().get() + "'");
    }
  }

  private static void checkSettings(String where, NetworkLine line) {
    List<String> changed = RecordText.changed(line.parameters());
    if (!(line.layer() instanceof ParametricLayer) && !changed.isEmpty()) {
      String key = changed.get(0).substring(0, changed.get(0).indexOf('='));
      List<String> known = LayerTypes.attributes(line.layer().getClass());
      throw wrong(
          where + "attribute '" + key + "': expected one of " + String.join(", ", known),
          "'" + key + "'");
    }
  }

  private static IllegalArgumentException wrong(String expected, String received) {
    return new IllegalArgumentException(expected + ". Received: " + received + ".");
  }
}
