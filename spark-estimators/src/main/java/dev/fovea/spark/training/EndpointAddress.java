package dev.fovea.spark.training;

import dev.fovea.core.exchange.Endpoint;
import java.io.Serializable;

/** Travels with a task and tells it how to reach the endpoint of its fit. */
interface EndpointAddress extends Serializable {
  /**
   * Connects the calling task.
   *
   * @throws RuntimeException if there is nothing to connect to
   */
  EndpointConnection connect();

  /**
   * Opens a relay of the same fit, in the calling task, to tasks elsewhere.
   *
   * @throws dev.fovea.spark.transport.RelayUnavailableException if it cannot listen
   */
  RelayServer openRelay(Endpoint relay);

  /** The relay of the same fit that was opened there. */
  EndpointAddress ofRelay(String address);
}
