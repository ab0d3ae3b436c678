package dev.fovea.core.network;

import dev.fovea.core.initializer.Initializer;
import dev.fovea.core.layer.FieldLayer;
import dev.fovea.core.layer.Layer;
import dev.fovea.core.layer.Precision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Builds a network line by line. A line reads the one before it; {@link #from} and the other
 * settings change the line just added. Every call checks names and attributes at once, so that a
 * mistake shows on the user's own line; {@link #build} checks the shapes.
 */
public final class NetworkBuilder {
  private final NetworkLines lines = new NetworkLines();

  NetworkBuilder() {}

  /** Adds a layer and names it after its type: {@code conv1}, {@code conv2}, {@code maxPool1}. */
  public NetworkBuilder then(Layer layer) {
    return then(freeName(layer), layer);
  }

  /** Adds a layer. */
  public NetworkBuilder then(String name, Layer layer) {
    List<String> from = layer instanceof FieldLayer ? List.of() : lines.defaultSources();
    lines.add(
        new NetworkLine(name, layer, from, Optional.empty(), ParameterSettings.DEFAULT),
        lineNumber() + 1);
    return this;
  }

  /** The line just added reads these layers, in this order, instead of the one before it. */
  public NetworkBuilder from(String... names) {
    NetworkLine line = last();
    return replace(
        new NetworkLine(
            line.name(), line.layer(), List.of(names), line.weightsOf(), line.parameters()));
  }

  /** The line just added shares the parameters of an earlier line. */
  public NetworkBuilder weightsOf(String name) {
    NetworkLine line = last();
    return replace(
        new NetworkLine(
            line.name(), line.layer(), line.from(), Optional.of(name), line.parameters()));
  }

  /** The optimizer leaves the parameters of the line just added alone. */
  public NetworkBuilder frozen() {
    ParameterSettings now = last().parameters();
    return settings(
        new ParameterSettings(
            true, now.learningRate(), now.l2(), now.initializer(), now.precision()));
  }

  /**
   * The line just added learns faster or slower than the rest.
   *
   * @param factor of the learning rate, >= 0
   */
  public NetworkBuilder learningRate(double factor) {
    ParameterSettings now = last().parameters();
    return settings(
        new ParameterSettings(now.frozen(), factor, now.l2(), now.initializer(), now.precision()));
  }

  /**
   * The weights of the line just added are drawn to 0.
   *
   * @param l2 adds l2 * weight to the gradient of each weight, >= 0
   */
  public NetworkBuilder l2(double l2) {
    ParameterSettings now = last().parameters();
    return settings(
        new ParameterSettings(
            now.frozen(), now.learningRate(), l2, now.initializer(), now.precision()));
  }

  /** How the weights of the line just added start. */
  public NetworkBuilder initializer(Initializer initializer) {
    ParameterSettings now = last().parameters();
    return settings(
        new ParameterSettings(
            now.frozen(), now.learningRate(), now.l2(), initializer, now.precision()));
  }

  /** What the line just added multiplies. For a whole network see {@link Network#with}. */
  public NetworkBuilder precision(Precision precision) {
    return settings(last().parameters().with(precision));
  }

  /** Name of the line just added, to be read by a later one. */
  public String lastName() {
    return last().name();
  }

  /**
   * The network, its shapes checked by native.
   *
   * @throws IllegalArgumentException naming layer and line where shapes do not fit
   */
  public Network build() {
    if (lines.size() == 0) {
      throw new IllegalArgumentException(
          "Network: expected at least one layer. Received: none. Start with an Input.");
    }
    Network network = new Network(lines.toList());
    network.check();
    return network;
  }

  private NetworkBuilder settings(ParameterSettings parameters) {
    NetworkLine line = last();
    return replace(
        new NetworkLine(line.name(), line.layer(), line.from(), line.weightsOf(), parameters));
  }

  private NetworkBuilder replace(NetworkLine line) {
    lines.replaceLast(line, lineNumber());
    return this;
  }

  private NetworkLine last() {
    if (lines.size() == 0) {
      throw new IllegalStateException(
          "Network: expected a layer to change. Received: none. Add one with then(layer).");
    }
    return lines.last();
  }

  /** Of the last line, in the text that the network prints: the header is line 1. */
  private int lineNumber() {
    return lines.size() + 1;
  }

  private String freeName(Layer layer) {
    String type = layer.getClass().getSimpleName();
    String stem = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    stem = stem.replaceFirst("[0-9]d$", "");
    int number = 1;
    while (lines.has(stem + number)) {
      number++;
    }
    return stem + number;
  }
}
