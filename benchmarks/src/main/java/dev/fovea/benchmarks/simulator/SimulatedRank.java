package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;

/**
 * A rank: computes forward, then backward, sends each bucket when it is complete, and begins the
 * next step when all of them are answered and the last answer says so.
 */
final class SimulatedRank {
  private static final StepSums SUMS = new StepSums(1, 1, 1);

  private final int group;
  private final int rank;
  private final Node node;
  private final Gatherer gatherer;
  private final SimulatedNetwork network;
  private final EventQueue events;
  private final ByteBuffer gradient;
  private Position next;
  private int answers;

  SimulatedRank(
      int group,
      int rank,
      Node node,
      Gatherer gatherer,
      SimulatedNetwork network,
      EventQueue events,
      ByteBuffer gradient) {
    this.group = group;
    this.rank = rank;
    this.node = node;
    this.gatherer = gatherer;
    this.network = network;
    this.events = events;
    this.gradient = gradient;
  }

  void begin(Position at) {
    answers = 0;
    double began = events.now();
    for (int bucket = 0; bucket < network.buckets(); bucket++) {
      int index = bucket;
      events.at(began + network.complete(bucket), () -> send(index, at));
    }
  }

  private void send(int bucket, Position at) {
    long nanos = Math.round(1e9 * network.complete(bucket));
    ByteBuffer floats = network.slice(gradient, bucket);
    GradientPart part = new GradientPart(group, at.step(), rank, bucket, SUMS, nanos, floats);
    double bytes = network.bytes(bucket);
    gatherer.ask(node, network, part, answer -> node.take(bytes, () -> answered(answer)));
  }

  private void answered(WeightsPart part) {
    answers++;
    if (part.position().directive() != Directive.AWAIT) {
      next = part.position();
    }
    if (answers == network.buckets() && next.directive() == Directive.STEP) {
      begin(next);
    }
  }
}
