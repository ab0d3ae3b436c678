package dev.fovea.core.network;

import dev.fovea.core.layer.FieldLayer;
import dev.fovea.core.layer.Layer;
import dev.fovea.core.text.AttributeException;
import dev.fovea.core.text.RecordText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and prints network text; {@code native/src/network/network_text.cc} reads the same. */
final class NetworkText {
  static final String HEADER = "# fovea network 1";
  private static final String ANY_VERSION = "# fovea network ";

  private NetworkText() {}

  /**
   * The lines of a network.
   *
   * @throws IllegalArgumentException naming the line, for text that is not a network
   */
  static List<NetworkLine> parse(String text) {
    NetworkLines lines = new NetworkLines();
    int number = 0;
    for (String row : text.split("\r?\n", -1)) {
      number++;
      if (number == 1) {
        checkHeader(row);
      }
      int comment = row.indexOf('#');
      String rest = comment < 0 ? row : row.substring(0, comment);
      if (!rest.isBlank()) {
        lines.add(parseLine(number, rest, lines.defaultSources()), number);
      }
    }
    if (lines.size() == 0) {
      throw new IllegalArgumentException(
          "Network text: expected lines 'name Type key=value ...'. Received: no layer.");
    }
    return lines.toList();
  }

  /** The canonical text: names and types in columns, attributes of the layer all written out. */
  static String print(List<NetworkLine> lines) {
    int nameWidth = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    int typeWidth = lines.stream().mapToInt(line -> line.type().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    NetworkLine before = null;
    for (NetworkLine line : lines) {
      String name = pad(line.name(), nameWidth);
      String type = pad(line.type(), typeWidth);
      String row = name + "  " + type + "  " + String.join(" ", attributes(line, before));
      text.append(row.stripTrailing()).append('\n');
      before = line;
    }
    return text.toString();
  }

  private static void checkHeader(String row) {
    if (row.startsWith(ANY_VERSION) && !row.equals(HEADER)) {
      throw new IllegalArgumentException(
          "Network text line 1: expected '%s'. Received: '%s'. Read it with the version of Fovea that wrote it."
              .formatted(HEADER, row));
    }
  }

  private static NetworkLine parseLine(int number, String row, List<String> defaultSources) {
    List<String> words = RecordText.splitWords(row);
    if (words.size() < 2) {
      throw new IllegalArgumentException(
          "Network text line %d: expected 'name Type key=value ...'. Received: '%s'."
              .formatted(number, row));
    }
    String name = words.get(0);
    String where = NetworkLines.where(name, words.get(1), number);
    Class<? extends Layer> type =
        LayerTypes.find(words.get(1)).orElseThrow(() -> unknownType(where, words.get(1)));
    try {
      Map<String, String> values =
          RecordText.keyValues(type, words.subList(2, words.size()), LayerTypes.attributes(type));
      return line(name, type, values, defaultSources);
    } catch (AttributeException e) {
      throw new IllegalArgumentException(where + e.problem(), e);
    }
  }

  private static NetworkLine line(
      String name,
      Class<? extends Layer> type,
      Map<String, String> values,
      List<String> defaultSources) {
    Layer layer = RecordText.read(type, values);
    ParameterSettings parameters = RecordText.read(ParameterSettings.class, values);
    String from = values.getOrDefault("from", "");
    String weightsOf = values.getOrDefault("weightsOf", "");
    List<String> implied = layer instanceof FieldLayer ? List.of() : defaultSources;
    return new NetworkLine(
        name,
        layer,
        from.isEmpty() ? implied : List.of(from.split(",", -1)),
        weightsOf.isEmpty() ? Optional.empty() : Optional.of(weightsOf),
        parameters);
  }

  private static IllegalArgumentException unknownType(String where, String type) {
    return new IllegalArgumentException(
        "%sexpected one of %s. Received: '%s'."
            .formatted(where, String.join(", ", LayerTypes.names()), type));
  }

  private static List<String> attributes(NetworkLine line, NetworkLine before) {
    List<String> words = new ArrayList<>();
    List<String> implied = before == null ? List.of() : List.of(before.name());
    if (!line.from().isEmpty() && !line.from().equals(implied)) {
      words.add("from=" + String.join(",", line.from()));
    }
    line.weightsOf().ifPresent(name -> words.add("weightsOf=" + name));
    List<String> layer = RecordText.splitWords(line.layer().text());
    words.addAll(layer.subList(1, layer.size()));
    words.addAll(RecordText.changed(line.parameters()));
    return words;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
