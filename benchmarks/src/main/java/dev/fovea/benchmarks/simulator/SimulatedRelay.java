package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.GradientAverager;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * An executor that adds the parts of its members and passes the sums on, as one rank: what it is
 * answered, it answers all of them. Sums come from the driver's own {@link GradientAverager}.
 */
final class SimulatedRelay implements Gatherer {
  private final int number;
  private final int firstRank;
  private final Node node;
  private final Gatherer upstream;
  private final SimulatedNetwork network;
  private final Costs costs;
  private final GradientAverager averager;
  private final List<List<Consumer<WeightsPart>>> waiting;
  private long step = 1;
  private int answers;

  /**
   * @param number its rank at the driver
   * @param firstRank of its members, which have the ranks from there on
   */
  SimulatedRelay(
      int number,
      int firstRank,
      int members,
      Node node,
      Gatherer upstream,
      SimulatedNetwork network,
      Costs costs) {
    this.number = number;
    this.firstRank = firstRank;
    this.node = node;
    this.upstream = upstream;
    this.network = network;
    this.costs = costs;
    List<Bucket> buckets = network.standIn().buckets();
    averager = new GradientAverager(members, buckets, network.standIn().weightCount());
    averager.begin(step);
    waiting =
        IntStream.range(0, buckets.size())
            .<List<Consumer<WeightsPart>>>mapToObj(unused -> new ArrayList<>())
            .toList();
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public void gradient(GradientPart part, Consumer<WeightsPart> answered) {
    int bucket = part.bucket();
    waiting.get(bucket).add(answered);
    node.compute(
        network.bytes(bucket) * costs.add(),
        () -> {
          if (averager.add(as(part.rank() - firstRank, part, part.sums(), part.floats()))) {
            ByteBuffer floats = network.slice(averager.gradient(), bucket);
            GradientPart sum = as(number, part, averager.sums(), floats);
            upstream.ask(node, network, sum, this::answer);
          }
        });
  }

  private static GradientPart as(int rank, GradientPart of, StepSums sums, ByteBuffer floats) {
    return new GradientPart(
        of.group(), of.step(), rank, of.bucket(), sums, of.computeNanos(), floats);
  }

  private void answer(WeightsPart part) {
    step = Math.max(step, part.position().step());
    answers++;
    if (answers == waiting.size()) { // no member has them all: none has begun the next step
      answers = 0;
      averager.begin(step);
    }
    List<Consumer<WeightsPart>> members = List.copyOf(waiting.get(part.bucket()));
    waiting.get(part.bucket()).clear();
    members.forEach(member -> member.accept(part));
  }
}
