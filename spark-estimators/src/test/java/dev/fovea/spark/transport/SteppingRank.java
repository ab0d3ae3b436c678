package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A rank without a replica that goes through a whole training: its gradient is a function of the
 * weights it has got, the step, and who it is.
 */
final class SteppingRank {
  private static final String NETWORK =
      """
      # fovea network 1
      in Input shape=300
      hidden Dense units=200
      out Dense units=3
      label Target shape=1
      loss SoftmaxCrossEntropy from=out,label
      """;
  static final NetworkDescription DESCRIPTION =
      NetworkDescription.of(NETWORK, Mode.TRAIN, List.of(), 1, 1, 1);

  private SteppingRank() {}

  /** A driver of two epochs of four steps. */
  static DriverEndpoint driver(Weights weights) {
    ExchangePlan plan =
        new ExchangePlan(
            "fit",
            NETWORK,
            DESCRIPTION,
            1,
            42,
            32,
            2,
            0.5,
            LearningRateSchedule.parse("Constant"),
            "1",
            false);
    return new DriverEndpoint(
        plan, weights, new OptimizerState(new Sgd(0.9), DESCRIPTION), new ExchangeListener() {});
  }

  static Hello hello(int group, int ranks, int rank, int attempt) {
    int shards = ShardMap.even(ranks).end(rank) - ShardMap.even(ranks).first(rank);
    return new Hello(
        "fit",
        group,
        rank,
        attempt,
        "thread-" + rank,
        Collections.nCopies(shards, 2L),
        7,
        "cpu",
        "1");
  }

  /**
   * Steps until told to stop.
   *
   * @param lostAt the step in which it throws, after its first bucket; or 0
   */
  static void run(GradientExchange exchange, Hello hello, int lostAt) {
    int rank = hello.rank();
    Config config = exchange.hello(hello);
    if (config.position().directive() == Directive.STOP) {
      return;
    }
    Weights weights = Weights.allocate(DESCRIPTION.weightCount());
    Position position = exchange.weights(weights);
    while (position.directive() != Directive.STOP) {
      if (position.directive() == Directive.EVALUATE) {
        StepSums sums = new StepSums(7, weights.floats().get(rank), 1);
        position = exchange.evaluate(new Evaluation(hello.group(), position.epoch(), rank, sums));
      } else {
        for (Bucket bucket : config.buckets()) {
          exchange.average(part(hello.group(), position, rank, bucket, weights));
          if (position.step() == lostAt) {
            throw new CancellationException("lost");
          }
        }
        position = exchange.await();
      }
    }
  }

  private static GradientPart part(
      int group, Position position, int rank, Bucket bucket, Weights weights) {
    ByteBuffer floats = AlignedMemory.allocate(bucket.count() * Float.BYTES);
    for (int i = 0; i < bucket.count(); i++) {
      float old = weights.floats().get((int) bucket.offset() + i);
      floats.putFloat(old * (rank + 3) + (i % 7) - position.step() - rank * 0.3f);
    }
    return new GradientPart(
        group,
        position.step(),
        rank,
        bucket.index(),
        new StepSums(16 + rank, 3, 4),
        5,
        floats.flip());
  }
}
