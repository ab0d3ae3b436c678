package dev.fovea.spark.training;

import dev.fovea.core.exchange.ShardMap;
import java.io.Serializable;
import java.util.List;

/**
 * Which task of a group is which rank, and which shards are the rank's. Travels with the tasks.
 *
 * @param shards which rank owns which
 * @param executors the executor of each rank, so that a rank's share can follow the speed of the
 *     machine; empty where a task's partition is its rank, wherever Spark runs it
 */
record Placement(ShardMap shards, List<String> executors) implements Serializable {
  private static final long serialVersionUID = 1;

  /** What {@link #rank} says of a task that the group has no rank for. */
  static final int NO_RANK = -1;

  Placement {
    executors = List.copyOf(executors);
  }

  /** As many shards for each of so many ranks, wherever they run. */
  static Placement even(int ranks) {
    return new Placement(ShardMap.even(ranks), List.of());
  }

  int ranks() {
    return shards.ranks();
  }

  /** True where it is the executor that makes the rank. */
  boolean isByExecutor() {
    return !executors.isEmpty();
  }

  /**
   * The rank of a task.
   *
   * @param partition of the task, from 0
   * @param executor where it runs
   */
  int rank(int partition, String executor) {
    return isByExecutor() ? executors.indexOf(executor) : partition;
  }
}
