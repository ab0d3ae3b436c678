package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.WeightsPart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The driver's node: hands parts to the endpoint, in the order in which they arrive, and sends the
 * answers that it gives.
 */
final class SimulatedDriver implements Gatherer {
  private record Given(WeightsPart part, Consumer<WeightsPart> answered) {}

  private final Node node;
  private final DriverEndpoint endpoint;
  private final SimulatedNetwork network;
  private final Costs costs;
  private List<Given> given = new ArrayList<>();

  SimulatedDriver(Node node, DriverEndpoint endpoint, SimulatedNetwork network, Costs costs) {
    this.node = node;
    this.endpoint = endpoint;
    this.network = network;
    this.costs = costs;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public void gradient(GradientPart part, Consumer<WeightsPart> answered) {
    double bytes = network.bytes(part.bucket());
    node.compute(bytes * costs.add(), () -> pass(part, answered));
  }

  private void pass(GradientPart part, Consumer<WeightsPart> answered) {
    endpoint.gradient(
        part,
        new Answer<>() {
          @Override
          public void give(WeightsPart message) {
            given.add(new Given(message, answered));
          }

          @Override
          public void refuse(RuntimeException cause) {
            throw cause;
          }
        });
    if (!given.isEmpty()) {
      List<Given> ready = given;
      given = new ArrayList<>();
      node.compute(updateSeconds(ready), () -> ready.forEach(one -> one.answered.accept(one.part)));
    }
  }

  /** Answers to a bucket mean that the optimizer has run on it. */
  private double updateSeconds(List<Given> ready) {
    return costs.update()
        * ready.stream()
            .mapToInt(one -> one.part.bucket())
            .distinct()
            .mapToDouble(network::bytes)
            .sum();
  }
}
