package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.NetworkDescription.Field;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.runtime.StepKey;
import dev.fovea.core.schedule.Constant;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A small training on random rows: each rank is a thread with a replica of its own, all talk to one
 * endpoint, or through relays in threads of leaders. Step s trains rows [s * batchSize, (s + 1) *
 * batchSize) of one list, however many ranks share them, so that results can be compared.
 */
final class TestTraining {
  private static final int CLASSES = 3;
  private static final long SEED = 42;

  private final String networkText;
  private final int batchSize;
  private final int epochs;
  private final byte[][] records;
  private long bucketBytes = 256; // several buckets even here
  private NetworkDescription description;
  private boolean inPlace;
  private int lanes = 1;
  private double[] rowWeights = {1};
  private List<Long> shardRows; // null: all rows of a rank in its first shard
  private RelayMap relays; // null for none

  TestTraining(String networkText, int rows, int batchSize, int epochs) {
    this.networkText = networkText;
    this.description = describe();
    this.batchSize = batchSize;
    this.epochs = epochs;
    this.records = new byte[rows][];
    makeRecords();
  }

  private NetworkDescription describe() {
    return NetworkDescription.of(networkText, Mode.TRAIN, List.of(), 1, 1, bucketBytes);
  }

  TestTraining oneBucket() {
    bucketBytes = NetworkDescription.ONE_BUCKET;
    description = describe();
    return this;
  }

  /** The one rank has the endpoint's weights, instead of its own. */
  TestTraining inPlace() {
    inPlace = true;
    return oneBucket();
  }

  TestTraining lanes(int count) {
    lanes = count;
    return this;
  }

  /** The ranks talk through relays; such a training is begun anew when a rank is lost. */
  TestTraining relays(RelayMap map) {
    relays = map;
    return this;
  }

  /** Row i weighs {@code weights[i % weights.length]}. */
  TestTraining rowWeights(double... weights) {
    rowWeights = weights;
    makeRecords();
    return this;
  }

  /**
   * What a rank does before it sends a part; may throw to be lost. The attempt counts those of the
   * rank in its group, and the groups before it.
   */
  interface BeforePart {
    void run(int rank, int attempt, long step, int bucket) throws InterruptedException;
  }

  /** Trains with so many rows on each rank; gives the weights. */
  float[] run(Long... rowsOfRanks) {
    return run((rank, attempt, step, bucket) -> {}, rowsOfRanks);
  }

  float[] run(BeforePart beforePart, Long... rowsOfRanks) {
    Weights weights = Weights.allocate(description.weightCount());
    try (Replica replica = Replica.training(networkText, 1, 1, bucketBytes)) {
      replica.initialize(SEED, weights);
    }
    ExchangePlan plan =
        new ExchangePlan(
            "fit",
            networkText,
            description,
            bucketBytes,
            SEED,
            batchSize,
            epochs,
            0.1,
            new Constant(),
            "1",
            inPlace);
    OptimizerState optimizer = new OptimizerState(new Sgd(0.9), description);
    DriverEndpoint endpoint =
        new DriverEndpoint(plan, weights, optimizer, new ExchangeListener() {});
    int ranks = rowsOfRanks.length;
    RelayMap map = relays == null ? RelayMap.none(ranks) : relays;
    do {
      int group = endpoint.beginGroup(ShardMap.even(ranks), map);
      runRanks(new TestGroup(endpoint, group, map), beforePart, List.of(rowsOfRanks));
      if (endpoint.failure().isPresent()) {
        throw new AssertionError(endpoint.failure().get());
      }
    } while (endpoint.isBroken());
    assertThat(endpoint.isFinished()).isTrue();
    return weights.toArray();
  }

  private void runRanks(TestGroup group, BeforePart beforePart, List<Long> rowsOfRanks) {
    ExecutorService threads = Executors.newFixedThreadPool(rowsOfRanks.size());
    try {
      List<Future<?>> ranks = new ArrayList<>();
      for (int rank = 0; rank < rowsOfRanks.size(); rank++) {
        int me = rank;
        List<Long> rows = rowsOf(ShardMap.even(rowsOfRanks.size()), me, rowsOfRanks.get(me));
        ranks.add(threads.submit(() -> attempts(group, beforePart, me, rows)));
      }
      for (Future<?> rank : ranks) {
        rank.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      group.endpoint().close();
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** A rank that is lost is started again, as Spark does. */
  private Void attempts(TestGroup group, BeforePart beforePart, int rank, List<Long> rowsOfShards)
      throws InterruptedException {
    boolean ended = false;
    for (int attempt = 0; !ended; attempt++) {
      try {
        attempt(group, beforePart, rank, attempt, rowsOfShards);
        ended = true;
      } catch (CancellationException e) {
        assertThat(e).hasMessage("lost");
      }
    }
    return null;
  }

  private void attempt(
      TestGroup group, BeforePart beforePart, int rank, int attempt, List<Long> rowsOfShards)
      throws InterruptedException {
    try (GradientExchange exchange = group.exchange(rank)) {
      Config config = exchange.hello(group.hello(rank, attempt, rowsOfShards));
      if (config.position().directive() == Directive.STOP) {
        return;
      }
      StepShares shares = config.shares(rank);
      int maxRows = Math.max(1, shares.maxRows());
      int maxStretches = Math.max(1, shares.maxStretches());
      try (Replica replica =
          Replica.training(networkText, lanes, maxRows, maxStretches, bucketBytes)) {
        Weights weights =
            inPlace
                ? group.endpoint().weightsInPlace()
                : Weights.allocate(description.weightCount());
        GradientSum sum = GradientSum.allocate(description.weightCount());
        ByteBuffer batch = AlignedMemory.allocate((long) maxRows * description.rowBytes());
        Position position = exchange.weights(weights);
        while (position.directive() != Directive.STOP) {
          long first = shares.firstRow(position.stepOfEpoch());
          int count = shares.rows(position.stepOfEpoch());
          sum.clear();
          if (count > 0) {
            read((long) position.stepOfEpoch() * batchSize + first, count, batch);
            int[] ends = shares.stretchEnds(position.stepOfEpoch());
            StepKey key = new StepKey(SEED, position.step() - 1, first);
            replica.addGradient(batch, ends, weights, sum, key, bucket -> {});
          }
          for (Bucket bucket : config.buckets()) {
            beforePart.run(rank, group.number() + attempt, position.step(), bucket.index());
            exchange.average(part(group.number(), position, rank, sum, bucket));
          }
          position = exchange.await();
        }
      }
    }
  }

  /** Trains with so many rows in each shard, on so many ranks; gives the weights. */
  float[] runShards(List<Long> rowsOfShards, int ranks) {
    shardRows = rowsOfShards;
    return run(Stream.generate(() -> 0L).limit(ranks).toArray(Long[]::new));
  }

  private List<Long> rowsOf(ShardMap shards, int rank, long rows) {
    return shardRows == null
        ? inFirstShard(shards, rank, rows)
        : shardRows.subList(shards.first(rank), shards.end(rank));
  }

  private static List<Long> inFirstShard(ShardMap shards, int rank, long rows) {
    return Stream.iterate(rows, before -> 0L).limit(shards.end(rank) - shards.first(rank)).toList();
  }

  private static GradientPart part(
      int group, Position position, int rank, GradientSum sum, Bucket bucket) {
    ByteBuffer floats =
        sum.buffer().slice((int) bucket.offset() * Float.BYTES, (int) bucket.count() * Float.BYTES);
    return new GradientPart(group, position.step(), rank, bucket.index(), sum.sums(), 1, floats);
  }

  private void read(long first, int count, ByteBuffer batch) {
    for (int i = 0; i < count; i++) {
      batch.put(i * description.rowBytes(), records[(int) first + i]);
    }
  }

  private void makeRecords() {
    Random random = new Random(SEED);
    for (int row = 0; row < records.length; row++) {
      ByteBuffer record = AlignedMemory.allocate(description.rowBytes());
      int label = random.nextInt(CLASSES);
      for (Field field : description.fields()) {
        for (int at = field.offset(); at < field.offset() + field.bytes(); ) {
          if (field.dtype() == DataType.UINT8) {
            record.put(at, (byte) (random.nextInt(128) + label * 40));
          } else if (field.name().equals("weight")) {
            record.putFloat(at, (float) rowWeights[row % rowWeights.length]);
          } else if (field.name().equals("label")) {
            record.putFloat(at, label);
          } else {
            record.putFloat(at, (float) random.nextGaussian() + label);
          }
          at += field.dtype().bytes();
        }
      }
      records[row] = new byte[description.rowBytes()];
      record.get(records[row]);
    }
  }

  /** Largest difference, relative to the largest weight. */
  static double difference(float[] a, float[] b) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
    }
    return Arrays.equals(a, b) ? 0 : difference / largest;
  }
}
