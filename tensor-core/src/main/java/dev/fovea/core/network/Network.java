package dev.fovea.core.network;

import dev.fovea.core.layer.Input;
import dev.fovea.core.layer.Layer;
import dev.fovea.core.layer.ParametricLayer;
import dev.fovea.core.layer.Precision;
import dev.fovea.core.layer.Target;
import dev.fovea.core.loss.Loss;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Named layers and how they connect: a chain, a graph, several inputs, several losses. Immutable;
 * the same thing as its {@link #text()}, which is what native, Spark and saved models see.
 */
public final class Network {
  private final List<NetworkLine> lines;
  private final String source; // As the user wrote it, so that native's messages name those lines.

  Network(List<NetworkLine> lines) {
    this(lines, NetworkText.print(lines));
  }

  private Network(List<NetworkLine> lines, String source) {
    this.lines = List.copyOf(lines);
    this.source = source;
  }

  /** Starts a network that reads float rows of this shape: {@code Network.input(28, 28, 1)}. */
  public static NetworkBuilder input(int... shape) {
    return builder().then(new Input(shape));
  }

  /** Starts a network; its first layer is to be an Input. */
  public static NetworkBuilder builder() {
    return new NetworkBuilder();
  }

  /**
   * Reads network text. Shapes are not checked: see {@link #check}.
   *
   * @throws IllegalArgumentException naming the line, for text that is not a network
   */
  public static Network parse(String text) {
    return new Network(NetworkText.parse(text), text);
  }

  /** This network with that precision in every layer with parameters. */
  public Network with(Precision precision) {
    return new Network(
        lines.stream()
            .map(line -> line.layer() instanceof ParametricLayer ? line.with(precision) : line)
            .toList());
  }

  /** The network text; {@code parse(text())} equals this network. */
  public String text() {
    return NetworkText.print(lines);
  }

  public List<NetworkLine> lines() {
    return lines;
  }

  /**
   * The line of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public NetworkLine line(String name) {
    return lines.stream()
        .filter(line -> line.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Network: expected one of %s. Received: '%s'.".formatted(names(lines), name)));
  }

  /** The lines that read what is given, in the order of the text. */
  public List<NetworkLine> inputs() {
    return linesOf(Input.class);
  }

  /** The lines that read what should come out, in the order of the text. */
  public List<NetworkLine> targets() {
    return linesOf(Target.class);
  }

  /** The loss layers, in the order of the text. */
  public List<NetworkLine> losses() {
    return linesOf(Loss.class);
  }

  /** What a loss judges: its first source, for example the logits of SoftmaxCrossEntropy. */
  public NetworkLine outputOf(NetworkLine loss) {
    return line(loss.from().get(0));
  }

  /**
   * What native makes of this network: sizes, fields, parameters. Opens and closes a native network
   * of one row: for training where there are losses, else for predicting the last line.
   *
   * @throws IllegalArgumentException naming layer and line where shapes do not fit
   */
  public NetworkDescription describe() {
    boolean trains = !losses().isEmpty();
    return NetworkDescription.of(
        source,
        trains ? Mode.TRAIN : Mode.PREDICT,
        trains ? List.of() : List.of(lines.get(lines.size() - 1).name()),
        1,
        1,
        NetworkDescription.ONE_BUCKET);
  }

  /**
   * Checks the shapes, natively.
   *
   * @throws IllegalArgumentException naming layer and line where they do not fit
   */
  public void check() {
    NetworkDescription unused = describe();
  }

  @Override
  public String toString() {
    return text();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network && lines.equals(network.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  private List<NetworkLine> linesOf(Class<? extends Layer> type) {
    return lines.stream()
        .filter(line -> type.isInstance(line.layer()))
        .collect(Collectors.toList());
  }

  private static String names(List<NetworkLine> lines) {
    return lines.stream().map(NetworkLine::name).collect(Collectors.joining(", "));
  }
}
