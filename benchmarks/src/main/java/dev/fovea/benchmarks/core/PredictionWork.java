package dev.fovea.benchmarks.core;

import dev.fovea.benchmarks.child.BlockServer;
import dev.fovea.core.network.Network;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.Predictor;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The logits of batches, on as many threads as said: each has a predictor of its own and takes
 * whole batches, as the tasks of {@code transform} do. The predictors share the weights.
 */
public final class PredictionWork implements Workload {
  private final List<Batches> predictors = new ArrayList<>();
  private final ExecutorService pool;

  public PredictionWork(Network network, int classes, int threads, int batchSize) {
    Weights weights = Weights.allocate(network.describe().weightCount());
    try (Replica replica = Replica.evaluating(network.text(), 1, 1)) {
      replica.initialize(42, weights);
    }
    for (int i = 0; i < threads; i++) {
      predictors.add(new Batches(network, classes, batchSize, weights));
    }
    pool = Executors.newFixedThreadPool(threads);
  }

  @Override
  public double rowsPerSecond(double seconds) {
    List<Future<Double>> rates =
        predictors.stream()
            .map(batches -> pool.submit(() -> BlockServer.repeat(batches::step, seconds)))
            .toList();
    double sum = 0;
    for (Future<Double> rate : rates) {
      sum += get(rate);
    }
    return sum;
  }

  private static double get(Future<Double> rate) {
    try {
      return rate.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
    predictors.forEach(batches -> batches.predictor.close());
  }

  /** What one thread works on. */
  private static final class Batches {
    final Predictor predictor;
    private final int rows;
    private final ByteBuffer records;
    private final ByteBuffer outputs;

    Batches(Network network, int classes, int rows, Weights weights) {
      String logits = network.outputOf(network.losses().get(0)).name();
      this.predictor = Predictor.of(network.text(), List.of(logits), rows, weights);
      this.rows = rows;
      NetworkDescription description = predictor.description();
      this.records = RandomRecords.of(network, description, classes, rows);
      this.outputs = AlignedMemory.allocate((long) rows * description.outputFloats() * Float.BYTES);
    }

    long step() {
      predictor.predict(records, rows, outputs);
      return rows;
    }
  }
}
