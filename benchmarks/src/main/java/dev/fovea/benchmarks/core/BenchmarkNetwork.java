package dev.fovea.benchmarks.core;

import dev.fovea.core.layer.Numbers;
import dev.fovea.core.network.Network;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network that every engine runs, layer for layer the same.
 *
 * @param name as on the command line and in the tables
 * @param batchSize rows of a training step and of a prediction
 * @param input shape of a row
 * @param classes labels are 0 to classes - 1
 * @param body the lines between the input and the label; the last one is {@code logits}
 */
public record BenchmarkNetwork(
    String name, int batchSize, Shape input, int classes, List<String> body) {

  public BenchmarkNetwork {
    body = List.copyOf(body);
  }

  /** The network over float rows: what is compared with other engines. */
  public Network network() {
    return network("");
  }

  /** The network over pixels 0 to 255, mapped to -1 to 1: what Spark's images are. */
  public Network imageNetwork() {
    Numbers scale = Numbers.of(127.5);
    return network(" dtype=uint8 mean=" + scale + " std=" + scale);
  }

  /** Layer types that the library lacks; the network can be run where there are none. */
  public Set<String> missingLayers(LibraryInfo library) {
    Set<String> known =
        library.layers().stream().map(LibraryInfo.TypeInfo::name).collect(Collectors.toSet());
    return body.stream()
        .map(line -> line.strip().split(" +", -1)[1])
        .filter(type -> !known.contains(type))
        .collect(Collectors.toSet());
  }

  private Network network(String inputAttributes) {
    return Network.parse(
        "image Input shape=%s%s%n%s%nlabel Target%nloss SoftmaxCrossEntropy from=logits,label%n"
            .formatted(input.text(), inputAttributes, String.join("\n", body)));
  }
}
