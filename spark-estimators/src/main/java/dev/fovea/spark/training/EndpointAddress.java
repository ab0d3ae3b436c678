package dev.fovea.spark.training;

import java.io.Serializable;

/** Travels with a task and tells it how to reach the endpoint of its fit. */
interface EndpointAddress extends Serializable {
  /**
   * Connects the calling task.
   *
   * @throws RuntimeException if there is nothing to connect to
   */
  EndpointConnection connect();
}
