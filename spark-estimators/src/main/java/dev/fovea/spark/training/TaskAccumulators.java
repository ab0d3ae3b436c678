package dev.fovea.spark.training;

import dev.fovea.core.exchange.GradientExchange;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What the tasks of a fit have done, for Spark's web page and listeners: they travel with the
 * heartbeats of the executors.
 *
 * @param rows training rows, each counted as often as it was computed
 * @param computeMicros time of reading rows, forward and backward
 * @param waitMicros time of waiting in {@link GradientExchange#await}
 */
record TaskAccumulators(
    LongAccumulator rows, LongAccumulator computeMicros, LongAccumulator waitMicros)
    implements Serializable {
  private static final long serialVersionUID = 1;

  static TaskAccumulators of(SparkContext spark, String fit) {
    String prefix = "fovea " + fit.substring(0, 8) + ": ";
    return new TaskAccumulators(
        spark.longAccumulator(prefix + "rows"),
        spark.longAccumulator(prefix + "compute (us)"),
        spark.longAccumulator(prefix + "exchange not hidden (us)"));
  }

  void addStep(int rowsOfStep, long computeNanos, long waitNanos) {
    rows.add(rowsOfStep);
    computeMicros.add(computeNanos / 1000);
    waitMicros.add(waitNanos / 1000);
  }
}
