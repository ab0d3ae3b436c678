package dev.fovea.spark.training;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.StepShares;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.runtime.StepKey;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.data.BatchReader;
import dev.fovea.spark.data.BatchSampler;
import dev.fovea.spark.data.RecordSection;
import dev.fovea.spark.data.RowArena;
import java.nio.ByteBuffer;
import java.util.function.LongFunction;

/**
 * The steps of one rank, as the driver directs them. Borrows the exchange and the arena; owns the
 * replicas while {@link #run} runs, which uses one thread and the replicas' lanes.
 */
final class ReplicaRun {
  /** Rows of one call of evaluation, for each lane: two blocks of rows to share evenly. */
  private static final int EVALUATION_ROWS = 64;

  private final GradientExchange exchange;
  private final LongFunction<Weights> memory;
  private final RowArena arena;
  private final int group;
  private final int rank;
  private final TaskWatch watch;
  private final Hello hello;
  private final int cores;
  private final TaskAccumulators accumulators;
  private int lanes; // known once all ranks are there

  /**
   * @param memory of so many weights, which the exchange fills
   * @param hello what to say first
   * @param cores of the executor, for all ranks that run there
   */
  ReplicaRun(
      GradientExchange exchange,
      LongFunction<Weights> memory,
      RowArena arena,
      Hello hello,
      int cores,
      TaskWatch watch,
      TaskAccumulators accumulators) {
    this.exchange = exchange;
    this.memory = memory;
    this.arena = arena;
    this.hello = hello;
    this.group = hello.group();
    this.rank = hello.rank();
    this.cores = cores;
    this.watch = watch;
    this.accumulators = accumulators;
  }

  /** Says hello, then steps until told to stop. */
  void run() {
    Config config = exchange.hello(hello);
    if (config.position().directive() == Directive.STOP) {
      return;
    }
    lanes = Math.max(1, cores / config.ranksBeside(rank));
    StepShares shares = config.shares(rank);
    int maxRows = Math.max(1, shares.maxRows());
    try (Replica replica =
            watch.watched(
                Replica.training(
                    config.networkText(),
                    lanes,
                    maxRows,
                    Math.max(1, shares.maxStretches()),
                    config.bucketBytes()));
        Evaluator evaluator = new Evaluator(config.networkText())) {
      Weights weights = memory.apply(replica.description().weightCount());
      Trainer trainer = new Trainer(config, shares, replica, weights);
      Position position = exchange.weights(weights);
      while (position.directive() != Directive.STOP) {
        position =
            position.directive() == Directive.EVALUATE
                ? exchange.evaluate(
                    new Evaluation(group, position.epoch(), rank, evaluator.evaluate(weights)))
                : trainer.step(position);
      }
    }
  }

  /** Trains this rank's share of a step. */
  private final class Trainer {
    private final Config config;
    private final StepShares shares;
    private final Replica replica;
    private final Weights weights;
    private final GradientSum sum;
    private final BatchSampler sampler;
    private final BatchReader reader;
    private long exchangeNanos;

    Trainer(Config config, StepShares shares, Replica replica, Weights weights) {
      if (!replica.description().buckets().equals(config.buckets())) {
        throw new IllegalStateException(
            "Rank %d: expected the driver's gradient buckets %s. Received: %s from the native library here."
                .formatted(rank, config.buckets(), replica.description().buckets()));
      }
      this.config = config;
      this.shares = shares;
      this.replica = replica;
      this.weights = weights;
      this.sum = GradientSum.allocate(weights.count());
      RecordSection rows = arena.training();
      this.sampler = new BatchSampler(config.seed(), rows.rowsOfShards(), shares);
      this.reader = new BatchReader(rows, Math.max(1, shares.maxRows()));
    }

    Position step(Position position) {
      long began = System.nanoTime();
      exchangeNanos = 0;
      sum.clear();
      int[] rows = sampler.rows(position.epoch(), position.stepOfEpoch());
      if (rows.length == 0) {
        config.buckets().forEach(bucket -> send(position, bucket, began, ByteBuffer.allocate(0)));
      } else {
        replica.addGradient(
            reader.read(rows),
            shares.stretchEnds(position.stepOfEpoch()),
            weights,
            sum,
            new StepKey(
                config.seed(), position.step() - 1, shares.firstRow(position.stepOfEpoch())),
            bucket -> send(position, bucket, began, floats(bucket)));
      }
      long computed = System.nanoTime();
      Position next = exchange.await();
      accumulators.addStep(rows.length, computed - began, System.nanoTime() - computed);
      return next;
    }

    private void send(Position position, Bucket bucket, long began, ByteBuffer floats) {
      long now = System.nanoTime();
      exchange.average(
          new GradientPart(
              group,
              position.step(),
              rank,
              bucket.index(),
              sum.sums(),
              now - began - exchangeNanos,
              floats));
      exchangeNanos += System.nanoTime() - now;
    }

    private ByteBuffer floats(Bucket bucket) {
      return sum.buffer()
          .slice((int) (bucket.offset() * Float.BYTES), (int) (bucket.count() * Float.BYTES));
    }
  }

  /** Evaluates all validation rows of this rank; opens its replica when first asked. */
  private final class Evaluator implements AutoCloseable {
    private final String networkText;
    private final RecordSection rows = arena.validation();
    private final int maxRows = Math.max(1, Math.min(rows.count(), EVALUATION_ROWS * lanes));
    private final BatchReader reader = new BatchReader(rows, maxRows);
    private Replica replica; // null until first asked

    Evaluator(String networkText) {
      this.networkText = networkText;
    }

    StepSums evaluate(Weights weights) {
      if (replica == null) {
        replica = watch.watched(Replica.evaluating(networkText, lanes, maxRows));
      }
      StepSums sums = StepSums.ZERO;
      for (int first = 0; first < rows.count(); first += maxRows) {
        int count = Math.min(maxRows, rows.count() - first);
        sums = sums.plus(replica.evaluate(reader.read(first, count), count, weights));
      }
      return sums;
    }

    @Override
    public void close() {
      if (replica != null) {
        replica.close();
      }
    }
  }
}
