package dev.fovea.spark.training;

import org.apache.spark.SparkConf;

/** How much memory outside the heap an executor gives to training rows where nobody says. */
final class CacheBudget {
  private static final long MEGABYTE = 1 << 20;
  private static final long LEAST_OVERHEAD_MEGABYTES = 384;
  private static final String OVERHEAD = "spark.executor.memoryOverhead";

  private CacheBudget() {}

  /**
   * Half of what is there: of the largest heap, which by default bounds direct memory too; and of
   * {@code spark.executor.memoryOverhead}, as set or as Spark reckons it, where that is less and
   * the cluster's manager ends executors that exceed it.
   */
  static long bytes(SparkConf conf) {
    String master = conf.get("spark.master", "");
    long direct = Runtime.getRuntime().maxMemory() / 2;
    if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
      return direct;
    }
    long executor = conf.getSizeAsMb("spark.executor.memory", "1g");
    double factor = conf.getDouble(OVERHEAD + "Factor", 0.1);
    long reckoned = Math.max(LEAST_OVERHEAD_MEGABYTES, (long) (factor * executor));
    return Math.min(direct, conf.getSizeAsMb(OVERHEAD, reckoned + "m") * MEGABYTE / 2);
  }
}
