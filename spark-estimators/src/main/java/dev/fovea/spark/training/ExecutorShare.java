package dev.fovea.spark.training;

import java.io.Serializable;

/**
 * What a replica may take of its executor. Travels with the task.
 *
 * @param lanes threads of a replica that has the executor for itself
 * @param replicas that may run there at the same time, this one included
 */
record ExecutorShare(int lanes, int replicas) implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Bytes of rows that the replica keeps in memory.
   *
   * @param budget of the executor
   */
  long cacheBytes(long budget) {
    return budget / replicas;
  }
}
