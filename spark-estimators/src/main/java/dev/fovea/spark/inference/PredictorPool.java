package dev.fovea.spark.inference;

import dev.fovea.core.tensor.Weights;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The open predictors of one trained network in this JVM: lent for one batch at a time, so that a
 * task that Spark abandons holds none. Tasks that run side by side each get one of their own; no
 * more stay open than there are cores. Only the networks used last keep a pool; closing an older
 * one costs its next user a native plan, not correctness.
 *
 * <p>Thread safe. Predictors lent by a pool that is closed meanwhile are closed when they come
 * back.
 */
final class PredictorPool {
  /** Trained networks that stay open in one JVM; a grid search leaves many behind. */
  static final int MAX_POOLS = 4;

  private record Key(String network, int maxRows) {}

  private static final Map<Key, PredictorPool> POOLS = new LinkedHashMap<>(16, 0.75f, true);

  private final TrainedNetwork network;
  private final int maxRows;
  private final int maxIdle = Runtime.getRuntime().availableProcessors();
  private final ArrayDeque<BatchPredictor> idle = new ArrayDeque<>();
  private Weights weights;
  private boolean closed;

  private PredictorPool(TrainedNetwork network, int maxRows) {
    this.network = network;
    this.maxRows = maxRows;
  }

  /** The pool of this network for batches of up to {@code maxRows} rows. */
  static PredictorPool of(TrainedNetwork network, int maxRows) {
    synchronized (POOLS) {
      PredictorPool pool =
          POOLS.computeIfAbsent(
              new Key(network.id(), maxRows), key -> new PredictorPool(network, maxRows));
      Iterator<PredictorPool> leastRecentFirst = POOLS.values().iterator();
      while (POOLS.size() > MAX_POOLS) {
        PredictorPool oldest = leastRecentFirst.next();
        leastRecentFirst.remove();
        oldest.close();
      }
      return pool;
    }
  }

  /** A predictor for the caller alone, who gives it back after the batch. */
  BatchPredictor borrow() {
    Weights shared;
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
      if (weights == null) {
        weights = network.weights();
      }
      shared = weights;
    }
    return new BatchPredictor(network, shared, maxRows);
  }

  void giveBack(BatchPredictor predictor) {
    synchronized (this) {
      if (!closed && idle.size() < maxIdle) {
        idle.push(predictor);
        return;
      }
    }
    predictor.close();
  }

  private synchronized void close() {
    closed = true;
    idle.forEach(BatchPredictor::close);
    idle.clear();
  }
}
