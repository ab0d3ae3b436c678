package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.WeightsRequest;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Answers a part, when those of all ranks are in, with their sum; remembers who came and went.
 * Refuses what has a negative weight.
 */
final class SummingEndpoint implements Endpoint {
  static final String NETWORK = "# fovea network 1 of a test\n";

  final List<Hello> hellos = new ArrayList<>();
  final List<Hello> lost = new ArrayList<>();
  final List<GradientPart> parts = new ArrayList<>();
  final List<Evaluation> evaluations = new ArrayList<>();
  private final int ranks;
  private final Config config;
  private final List<Answer<Config>> waiting = new ArrayList<>();
  private final List<List<Answer<WeightsPart>>> ofBuckets = new ArrayList<>();
  private final List<ByteBuffer> sums = new ArrayList<>();

  SummingEndpoint(int ranks, int... floatsOfBuckets) {
    this.ranks = ranks;
    List<Bucket> buckets = new ArrayList<>();
    long offset = 0;
    for (int floats : floatsOfBuckets) {
      buckets.add(new Bucket(buckets.size(), offset, floats));
      offset += floats;
      ofBuckets.add(new ArrayList<>());
      sums.add(AlignedMemory.allocate((long) floats * Float.BYTES));
    }
    config =
        new Config(
            NETWORK,
            1,
            8,
            1,
            1024,
            buckets,
            Collections.nCopies(ShardMap.SHARDS, 10L),
            ShardMap.even(ranks),
            Collections.nCopies(ranks, "executor"),
            Collections.nCopies(ranks, ""),
            Position.first());
  }

  Config config() {
    return config;
  }

  @Override
  public synchronized void hello(Hello hello, Answer<Config> answer) {
    if (hello.rank() >= ranks) {
      answer.refuse(new IllegalArgumentException("Hello: expected another rank."));
      return;
    }
    hellos.add(hello);
    waiting.add(answer);
    if (hellos.size() - lost.size() >= ranks) {
      waiting.forEach(each -> each.give(config));
      waiting.clear();
    }
  }

  @Override
  public synchronized void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    answer.give(
        new WeightsPart(Position.first(), request.bucket(), sums.get(request.bucket()).rewind()));
  }

  @Override
  public synchronized void gradient(GradientPart part, Answer<WeightsPart> answer) {
    if (part.sums().weight() < 0) {
      answer.refuse(new IllegalStateException("Gradient: expected a weight."));
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(part.floats().remaining()).order(ByteOrder.nativeOrder());
    parts.add(
        new GradientPart(
            part.group(),
            part.step(),
            part.rank(),
            part.bucket(),
            part.sums(),
            part.computeNanos(),
            copy.put(part.floats().duplicate()).flip()));
    List<Answer<WeightsPart>> answers = ofBuckets.get(part.bucket());
    ByteBuffer sum = sums.get(part.bucket()).rewind();
    for (int at = 0; at < sum.limit(); at += Float.BYTES) {
      sum.putFloat(at, (answers.isEmpty() ? 0 : sum.getFloat(at)) + copy.getFloat(at));
    }
    answers.add(answer);
    if (answers.size() == ranks) {
      Position next = new Position(part.step() + 1, 0, 0, Directive.STEP);
      WeightsPart weights = new WeightsPart(next, part.bucket(), sum);
      answers.forEach(each -> each.give(weights));
      answers.clear();
    }
  }

  @Override
  public synchronized void evaluation(Evaluation evaluation, Answer<Position> answer) {
    evaluations.add(evaluation);
    answer.give(new Position(1, evaluation.epoch() + 1, 0, Directive.STOP));
  }

  @Override
  public synchronized void lost(Hello hello) {
    lost.add(hello);
  }

  synchronized List<Hello> lost() {
    return List.copyOf(lost);
  }

  synchronized List<Hello> hellos() {
    return List.copyOf(hellos);
  }
}
