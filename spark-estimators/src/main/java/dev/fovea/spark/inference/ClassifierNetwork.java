package dev.fovea.spark.inference;

import dev.fovea.core.layer.Input;
import dev.fovea.core.layer.Target;
import dev.fovea.core.loss.SoftmaxCrossEntropy;
import dev.fovea.core.network.Network;
import dev.fovea.core.network.NetworkLine;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.util.List;

/**
 * A network seen as a classifier of one kind of row.
 *
 * @param input name of the one Input
 * @param shape of the Input: [H, W, C] for images
 * @param dtype how the Input is stored in a record
 * @param target name of the one Target, which holds the label
 * @param logits name of the layer that the last SoftmaxCrossEntropy judges; earlier ones are
 *     auxiliary
 * @param classes numbers in the logits
 * @param description of the network in mode train
 */
public record ClassifierNetwork(
    Network network,
    String input,
    Shape shape,
    DataType dtype,
    String target,
    String logits,
    int classes,
    NetworkDescription description) {

  /**
   * Looks at the network, natively where shapes are concerned; starts no Spark job.
   *
   * @throws IllegalArgumentException if its shapes do not fit, or if it is no classifier
   */
  public static ClassifierNetwork of(Network network) {
    NetworkDescription description = network.describe();
    NetworkLine input = only(network, Input.class);
    NetworkLine target = only(network, Target.class);
    long targetSize = ((Target) target.layer()).shape().size();
    if (targetSize != 1) {
      throw new IllegalArgumentException(
          String.format(
              "Network: expected a Target of 1 number, the label. Received: '%s' of %d numbers.",
              target.name(), targetSize));
    }
    List<NetworkLine> losses = lines(network, SoftmaxCrossEntropy.class);
    if (losses.isEmpty()) {
      throw new IllegalArgumentException(
          "Network: expected a SoftmaxCrossEntropy layer. Received: none. End the network with"
              + " lines such as 'label Target' and 'loss SoftmaxCrossEntropy from=logits,label'.");
    }
    String logits = losses.get(losses.size() - 1).from().get(0);
    Input field = (Input) input.layer();
    return new ClassifierNetwork(
        network,
        input.name(),
        field.shape(),
        field.dtype(),
        target.name(),
        logits,
        Math.toIntExact(description.layer(logits).orElseThrow().shape().size()),
        description);
  }

  private static NetworkLine only(Network network, Class<?> type) {
    List<NetworkLine> found = lines(network, type);
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          String.format(
              "Network: expected exactly one %s. Received: %d.",
              type.getSimpleName(), found.size()));
    }
    return found.get(0);
  }

  private static List<NetworkLine> lines(Network network, Class<?> type) {
    return network.lines().stream().filter(line -> type.isInstance(line.layer())).toList();
  }
}
