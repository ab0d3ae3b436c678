package dev.fovea.benchmarks.core;

import dev.fovea.benchmarks.child.BlockServer;
import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.BucketListener;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.runtime.StepKey;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;

/** Whole training steps on one batch: the gradient of its rows, then the optimizer. */
public final class TrainingWork implements Workload {
  private static final double LEARNING_RATE = 0.01;
  private static final long SEED = 42;

  private final int batchSize;
  private final Replica replica;
  private final Weights weights;
  private final GradientSum gradient;
  private final OptimizerState optimizer;
  private final ByteBuffer records;

  public TrainingWork(Network network, int classes, Optimizer optimizer, int lanes, int batchSize) {
    this.batchSize = batchSize;
    this.replica =
        Replica.training(network.text(), lanes, batchSize, NetworkDescription.ONE_BUCKET);
    NetworkDescription description = replica.description();
    this.weights = Weights.allocate(description.weightCount());
    this.gradient = GradientSum.allocate(description.weightCount());
    this.optimizer = new OptimizerState(optimizer, description, lanes);
    this.records = RandomRecords.of(network, description, classes, batchSize);
    replica.initialize(SEED, weights);
  }

  @Override
  public double rowsPerSecond(double seconds) {
    return BlockServer.repeat(this::step, seconds);
  }

  private long step() {
    gradient.clear();
    StepKey key = new StepKey(SEED, optimizer.steps(), 0);
    replica.addGradient(records, batchSize, weights, gradient, key, BucketListener.NONE);
    optimizer.step(weights, gradient.buffer(), LEARNING_RATE, 1 / gradient.weightSum());
    return batchSize;
  }

  @Override
  public void close() {
    optimizer.close();
    replica.close();
  }
}
