package dev.fovea.benchmarks.core;

import dev.fovea.core.network.Network;
import dev.fovea.core.network.NetworkLine;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.Shape;

/**
 * Floating point operations of the matrix products of one row, counted as the definition of the
 * layers says: a convolution by Winograd's method does fewer, and may pass for more than the peak.
 *
 * @param forward of a prediction
 * @param step of a training step: forward, gradient of the weights, gradient of the input where a
 *     layer is asked for it
 */
public record Operations(double forward, double step) {

  public static Operations of(Network network) {
    NetworkDescription description = network.describe();
    double forward = 0;
    double step = 0;
    for (ParameterInfo parameter : description.parameters()) {
      Operations operations = of(network, description, parameter);
      forward += operations.forward;
      step += operations.step;
    }
    return new Operations(forward, step);
  }

  /** Those with one parameter: none with biases, scales and statistics. */
  public static Operations of(
      Network network, NetworkDescription description, ParameterInfo parameter) {
    if (parameter.shape().rank() < 2) {
      return new Operations(0, 0);
    }
    int dot = parameter.name().lastIndexOf('.');
    NetworkLine line = network.line(parameter.name().substring(0, dot));
    double products = 2.0 * parameter.count() * places(network, description, line);
    boolean readsInput = parameter.name().endsWith(".weight") && readsInput(network, line);
    return new Operations(products, readsInput ? 2 * products : 3 * products);
  }

  /** How often a row meets each weight of the layer. */
  private static double places(Network network, NetworkDescription description, NetworkLine line) {
    return switch (line.type()) {
      case "Conv2d" -> {
        Shape dst = shape(description, line.name());
        yield (double) dst.size(0) * dst.size(1);
      }
      case "ConvTranspose2d" -> {
        Shape src = shape(description, source(network, line).name());
        yield (double) src.size(0) * src.size(1);
      }
      case "Lstm" -> shape(description, source(network, line).name()).size(0); // steps of time
      default -> 1;
    };
  }

  private static boolean readsInput(Network network, NetworkLine line) {
    return network.inputs().contains(source(network, line));
  }

  private static NetworkLine source(Network network, NetworkLine line) {
    return network.line(line.from().get(0));
  }

  private static Shape shape(NetworkDescription description, String layer) {
    return description.layer(layer).orElseThrow().shape();
  }
}
