package dev.fovea.acceptance.cluster;

import java.util.HashMap;
import java.util.Map;

/** Spark's settings for executors that it starts as it needs them. */
final class DynamicExecutors {
  private DynamicExecutors() {}

  /** As many as {@code least} at first and always, {@code most} at most; a map to add to. */
  static Map<String, String> between(int least, int most) {
    Map<String, String> conf = new HashMap<>();
    conf.put("spark.dynamicAllocation.enabled", "true");
    conf.put("spark.dynamicAllocation.shuffleTracking.enabled", "true");
    conf.put("spark.dynamicAllocation.initialExecutors", Integer.toString(least));
    conf.put("spark.dynamicAllocation.minExecutors", Integer.toString(least));
    conf.put("spark.dynamicAllocation.maxExecutors", Integer.toString(most));
    return conf;
  }

  /** So many, to which Spark sends two tasks each: they cannot be kept apart. */
  static Map<String, String> ofTwoCoresEach(int executors) {
    Map<String, String> conf = between(executors, executors);
    conf.put("spark.executor.memory", "1024m");
    conf.put("spark.executor.cores", "2");
    return conf;
  }
}
