package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.WeightsPart;
import java.util.function.Consumer;

/** The driver, or a relay: adds the parts of several senders and answers them. */
interface Gatherer {
  Node node();

  /** A part has arrived at the node; the answer leaves from there. */
  void gradient(GradientPart part, Consumer<WeightsPart> answered);

  /** Sends a part there and brings the answer back. */
  default void ask(
      Node from, SimulatedNetwork network, GradientPart part, Consumer<WeightsPart> answered) {
    double bytes = network.bytes(part.bucket());
    from.send(
        node(),
        network.gradientBytes(part.bucket()),
        () -> gradient(part, answer -> node().send(from, bytes, () -> answered.accept(answer))));
  }
}
