package dev.fovea.benchmarks;

import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Adam;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.BucketListener;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Field;
import dev.fovea.core.runtime.Predictor;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.runtime.StepKey;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The core alone, without Spark, on records of random pixels and labels that are in memory. */
final class CoreBenchmark {
  private static final double LEARNING_RATE = 1e-3;
  private static final int PREDICT_ROWS = 64; // the default of inferenceBatchSize

  private final Network network;
  private final int classes;
  private final Throughput throughput;

  CoreBenchmark(Network network, int classes, Throughput throughput) {
    this.network = network;
    this.classes = classes;
    this.throughput = throughput;
  }

  /** Rows a second of whole steps: gradient of {@code batchSize} rows, then Adam. */
  double trainRowsPerSecond(int lanes, int batchSize) {
    try (Replica replica =
        Replica.training(network.text(), lanes, batchSize, NetworkDescription.ONE_BUCKET)) {
      NetworkDescription description = replica.description();
      Weights weights = Weights.allocate(description.weightCount());
      GradientSum gradient = GradientSum.allocate(description.weightCount());
      replica.initialize(42, weights);
      OptimizerState optimizer = new OptimizerState(new Adam(), description);
      ByteBuffer records = records(description, batchSize);
      return throughput.rowsPerSecond(
          () -> {
            gradient.clear();
            StepKey key = new StepKey(42, optimizer.steps(), 0);
            replica.addGradient(records, batchSize, weights, gradient, key, BucketListener.NONE);
            optimizer.step(weights, gradient.buffer(), LEARNING_RATE, 1 / gradient.weightSum());
            return batchSize;
          });
    }
  }

  /** Rows a second of the logits, on as many threads as said, each with a predictor of its own. */
  double predictRowsPerSecond(int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(pool.submit(this::predictOnThisThread));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } finally {
      pool.shutdown();
    }
  }

  private double predictOnThisThread() {
    Weights weights = Weights.allocate(network.describe().weightCount());
    try (Replica replica = Replica.evaluating(network.text(), 1, 1)) {
      replica.initialize(42, weights);
    }
    String logits = network.outputOf(network.losses().get(0)).name();
    try (Predictor predictor =
        Predictor.of(network.text(), List.of(logits), PREDICT_ROWS, weights)) {
      NetworkDescription description = predictor.description();
      ByteBuffer records = records(description, PREDICT_ROWS);
      ByteBuffer outputs =
          AlignedMemory.allocate((long) PREDICT_ROWS * description.outputFloats() * Float.BYTES);
      return throughput.rowsPerSecond(
          () -> {
            predictor.predict(records, PREDICT_ROWS, outputs);
            return PREDICT_ROWS;
          });
    }
  }

  private ByteBuffer records(NetworkDescription description, int rows) {
    Random random = new Random(42);
    ByteBuffer records = AlignedMemory.allocate((long) rows * description.rowBytes());
    for (int row = 0; row < rows; row++) {
      for (Field field : description.fields()) {
        int begin = row * description.rowBytes() + field.offset();
        if (field.dtype() == DataType.UINT8) {
          byte[] pixels = new byte[field.bytes()];
          random.nextBytes(pixels);
          records.put(begin, pixels);
        } else {
          boolean label = field.name().equals(network.targets().get(0).name());
          records.putFloat(begin, label ? random.nextInt(classes) : 1);
        }
      }
    }
    return records;
  }
}
