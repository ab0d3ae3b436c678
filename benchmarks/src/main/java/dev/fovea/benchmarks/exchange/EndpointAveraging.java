package dev.fovea.benchmarks.exchange;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.EndpointExchange;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.exchange.wire.GradientCompression;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.schedule.Constant;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.transport.ExchangeAddress;
import dev.fovea.spark.transport.ExchangeServer;
import dev.fovea.spark.transport.RemoteEndpoint;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/** Fovea's exchange as a fit uses it, with ranks that compute nothing. */
final class EndpointAveraging implements Averaging {
  private static final double STEP_SIZE = 1e-3;

  private final JavaSparkContext context;
  private final int ranks;
  private final ExchangeNetwork network;

  EndpointAveraging(JavaSparkContext context, int ranks, ExchangeNetwork network) {
    this.context = context;
    this.ranks = ranks;
    this.network = network;
  }

  @Override
  public StepCost measure(int warm, int steps) {
    StepClock clock = new StepClock(warm);
    NetworkDescription description = network.description();
    String fit = UUID.randomUUID().toString();
    try (DriverEndpoint endpoint =
            new DriverEndpoint(
                plan(fit, description),
                Weights.allocate(description.weightCount()),
                new OptimizerState(new Sgd(0.9), description, 1),
                new ExchangeListener() {
                  @Override
                  public void onStep(StepReport report) {
                    clock.tick();
                  }
                });
        ExchangeServer server =
            ExchangeServer.open(context.getConf(), fit, endpoint, GradientCompression.NONE)) {
      ShardMap shards = ShardMap.even(ranks);
      int group = endpoint.beginGroup(shards);
      ExchangeAddress address = server.address();
      long rowsOfShard = warm + steps; // a row of each shard a step
      context
          .parallelize(IntStream.range(0, ranks).boxed().toList(), ranks)
          .foreach(rank -> run(address, group, rank, shards, rowsOfShard));
    }
    return clock.cost();
  }

  private ExchangePlan plan(String fit, NetworkDescription description) {
    return new ExchangePlan(
        fit,
        network.text(),
        description,
        ExchangeNetwork.BUCKET_BYTES,
        1,
        ShardMap.SHARDS,
        1,
        STEP_SIZE,
        new Constant(),
        NativeLibrary.info().version(),
        false);
  }

  /** One rank, in a task, to the end of its one epoch. */
  private static void run(
      ExchangeAddress address, int group, int rank, ShardMap shards, long rowsOfShard) {
    LibraryInfo library = NativeLibrary.info();
    int owned = shards.end(rank) - shards.first(rank);
    Hello hello =
        new Hello(
            address.fit(),
            group,
            rank,
            0,
            SparkEnv.get().executorId(),
            Collections.nCopies(owned, rowsOfShard),
            0,
            library.target(),
            library.version());
    try (RemoteEndpoint endpoint = RemoteEndpoint.connect(address);
        EndpointExchange exchange = new EndpointExchange(endpoint, () -> false)) {
      Config config = exchange.hello(hello);
      long floats = config.buckets().stream().mapToLong(Bucket::count).sum();
      Weights weights = Weights.allocate(floats);
      ByteBuffer gradient = AlignedMemory.allocate(floats * Float.BYTES);
      StepSums sums = new StepSums(owned, owned, owned);
      Position position = exchange.weights(weights);
      while (position.directive() == Directive.STEP) {
        for (Bucket bucket : config.buckets()) {
          ByteBuffer part =
              gradient.slice(
                  (int) bucket.offset() * Float.BYTES, (int) bucket.count() * Float.BYTES);
          exchange.average(
              new GradientPart(group, position.step(), rank, bucket.index(), sums, 0, part));
        }
        position = exchange.await();
      }
    }
  }
}
