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
 * @param tasks to start: as many as ranks, or more where executors have room for several, so that
 *     each executor gets one; not more than shards, by whose rows Spark chooses where a task runs
 */
record Placement(ShardMap shards, List<String> executors, int tasks) implements Serializable {
  private static final long serialVersionUID = 1;

  /** What {@link #rank} says of a task that the group has no rank for. */
  static final int NO_RANK = -1;

  Placement {
    executors = List.copyOf(executors);
  }

  /** Of a task for each rank. */
  Placement(ShardMap shards, List<String> executors) {
    this(shards, executors, shards.ranks());
  }

  /** As many shards for each of so many ranks, wherever they run. */
  static Placement even(int ranks) {
    return new Placement(ShardMap.even(ranks), List.of());
  }

  /** The same with so many tasks, as far as there may be. */
  Placement withTasks(int wanted) {
    int most = Math.min(ShardMap.SHARDS, wanted);
    return new Placement(shards, executors, Math.max(ranks(), most));
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
