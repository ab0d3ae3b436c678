package dev.fovea.core.network;

import dev.fovea.core.layer.Layer;
import dev.fovea.core.layer.Precision;
import java.util.List;
import java.util.Optional;

/**
 * One line of a network: a named layer, what it reads and how it learns.
 *
 * @param name unique in its network
 * @param from names of earlier lines, in the order the layer reads them; empty where the layer
 *     reads the rows
 * @param weightsOf name of an earlier line whose parameters this one shares
 * @param parameters settings of its parameters; the defaults where it has none
 */
public record NetworkLine(
    String name,
    Layer layer,
    List<String> from,
    Optional<String> weightsOf,
    ParameterSettings parameters) {

  public NetworkLine {
    from = List.copyOf(from);
  }

  /** This line with another precision. */
  NetworkLine with(Precision precision) {
    return new NetworkLine(name, layer, from, weightsOf, parameters.with(precision));
  }

  /** The simple name of the layer's record, for example {@code Conv2d}. */
  public String type() {
    return layer.getClass().getSimpleName();
  }
}
