package dev.fovea.spark.training;

import dev.fovea.core.exchange.wire.GradientCompression;

/**
 * How a training spreads over executors. Immutable; the values have been checked by the params they
 * come from.
 *
 * @param replicas how many, or {@link #ONE_PER_EXECUTOR}
 * @param maxRestarts how often the Spark job is begun again after it failed, &gt;= 0
 * @param rendezvousTimeoutMillis time for all replicas to come, &gt; 0
 * @param gradientCompression how gradients travel
 * @param topology who adds gradients: {@code driver}, {@code tree} or {@code auto}
 * @param rebalance true: shards are dealt anew by the executors' speeds
 */
public record ClusterPlan(
    int replicas,
    int maxRestarts,
    long rendezvousTimeoutMillis,
    GradientCompression gradientCompression,
    String topology,
    boolean rebalance) {
  public static final int ONE_PER_EXECUTOR = 0;

  /** What the params say where nothing is set. */
  public static final ClusterPlan DEFAULT =
      new ClusterPlan(ONE_PER_EXECUTOR, 3, 60_000, GradientCompression.NONE, "auto", false);
}
