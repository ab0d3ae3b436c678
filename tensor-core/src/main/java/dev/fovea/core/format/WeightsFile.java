package dev.fovea.core.format;

import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * The weights of a network as safetensors: one tensor a parameter, statistics included, named as in
 * the network's description ({@code conv1.weight}). The padding between parameters is not written.
 */
public final class WeightsFile {
  private WeightsFile() {}

  /** Writes all parameters; the stream stays open. */
  public static void write(
      OutputStream out, NetworkDescription network, Weights weights, Map<String, String> metadata)
      throws IOException {
    SafeTensors.write(out, ParameterTensors.of(network, "", weights.buffer()), metadata);
  }

  /**
   * The weights in the file; the stream stays open.
   *
   * @param where what messages begin with: {@code Weights file hdfs://...}
   * @throws IllegalArgumentException if the file does not hold the weights of this network, whole
   */
  public static Weights read(InputStream in, String where, NetworkDescription network)
      throws IOException {
    Weights weights = Weights.allocate(network.weightCount());
    SafeTensors.read(in, where, ParameterTensors.of(network, "", weights.buffer()));
    return weights;
  }
}
