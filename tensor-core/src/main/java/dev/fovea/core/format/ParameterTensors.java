package dev.fovea.core.format;

import dev.fovea.core.runtime.NetworkDescription;
import java.nio.ByteBuffer;
import java.util.List;

/** A flat vector that is laid out as the weights, as one named tensor a parameter. */
final class ParameterTensors {
  private ParameterTensors() {}

  /**
   * The parameters without the padding between them.
   *
   * @param prefix put before the name of each parameter
   * @param vector the memory, not copied; begins with the vector
   */
  static List<NamedTensor> of(NetworkDescription network, String prefix, ByteBuffer vector) {
    return network.parameters().stream()
        .map(
            parameter ->
                new NamedTensor(
                    prefix + parameter.name(),
                    parameter.shape(),
                    vector.slice(
                        (int) (parameter.offset() * Float.BYTES),
                        (int) (parameter.count() * Float.BYTES))))
        .toList();
  }
}
