package dev.fovea.core.runtime;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.NetworkDescription.Field;
import dev.fovea.core.runtime.NetworkDescription.LaneStretch;
import dev.fovea.core.runtime.NetworkDescription.LayerInfo;
import dev.fovea.core.runtime.NetworkDescription.Output;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.runtime.NetworkDescription.Segment;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what native prints about a plan, one {@code key value...} a line. Both sides are ours: a
 * line that does not fit is an IllegalStateException.
 */
final class DescriptionReader {
  private final Map<String, String> values = new HashMap<>();
  private final List<Segment> segments = new ArrayList<>();
  private final List<Field> fields = new ArrayList<>();
  private final List<LayerInfo> layers = new ArrayList<>();
  private final List<ParameterInfo> parameters = new ArrayList<>();
  private final List<Bucket> buckets = new ArrayList<>();
  private final List<LaneStretch> laneStretches = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();

  DescriptionReader(String text) {
    for (String line : text.lines().toList()) {
      try {
        take(List.of(line.split(" ", -1)));
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        throw new IllegalStateException(
            "Network description: expected a line this version of Fovea knows. Received: '"
                + line
                + "'.",
            e);
      }
    }
  }

  NetworkDescription read() {
    return new NetworkDescription(
        Mode.of(value("mode")),
        value("target"),
        Integer.parseInt(value("rowBytes")),
        Integer.parseInt(value("chunkRows")),
        segments,
        Long.parseLong(value("weightCount")),
        Long.parseLong(value("arenaBytes")),
        fields,
        layers,
        parameters,
        buckets,
        laneStretches,
        outputs);
  }

  private void take(List<String> words) {
    switch (words.get(0)) {
      case "mode", "target", "rowBytes", "chunkRows", "weightCount", "arenaBytes" ->
          values.put(words.get(0), words.get(1));
      case "field" ->
          fields.add(
              new Field(
                  words.get(1),
                  Integer.parseInt(words.get(2)),
                  Integer.parseInt(words.get(3)),
                  DataType.parse(words.get(4)),
                  Shape.parse(words.get(5))));
      case "layer" ->
          layers.add(
              new LayerInfo(
                  words.get(1),
                  words.get(2),
                  Shape.parse(words.get(3)),
                  Integer.parseInt(setting(words.get(4), "line"))));
      case "parameter" -> parameters.add(parameter(words));
      case "bucket" ->
          buckets.add(
              new Bucket(
                  Integer.parseInt(words.get(1)),
                  Long.parseLong(words.get(2)),
                  Long.parseLong(words.get(3))));
      case "segment" ->
          segments.add(
              new Segment(
                  Integer.parseInt(words.get(1)),
                  Integer.parseInt(words.get(2)),
                  Integer.parseInt(words.get(3))));
      case "laneStretch" ->
          laneStretches.add(
              new LaneStretch(
                  Long.parseLong(words.get(1)),
                  Long.parseLong(words.get(2)),
                  Long.parseLong(words.get(3))));
      case "output" -> outputs.add(new Output(words.get(1), Integer.parseInt(words.get(2))));
      default -> throw new IllegalArgumentException("unknown key");
    }
  }

  private static ParameterInfo parameter(List<String> words) {
    return new ParameterInfo(
        words.get(1),
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)),
        Shape.parse(words.get(4)),
        Double.parseDouble(setting(words.get(5), "learningRate")),
        Double.parseDouble(setting(words.get(6), "l2")),
        setting(words.get(7), "frozen").equals("true"),
        Double.parseDouble(setting(words.get(8), "decay")));
  }

  private static String setting(String word, String key) {
    if (!word.startsWith(key + "=")) {
      throw new IllegalArgumentException("expected " + key);
    }
    return word.substring(key.length() + 1);
  }

  private String value(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("Network description: expected a line " + key + ".");
    }
    return value;
  }
}
