package dev.fovea.spark.training;

import dev.fovea.core.exchange.Endpoint;

/** A task's way to the endpoint of its fit, until it is closed. */
interface EndpointConnection extends AutoCloseable {
  Endpoint endpoint();

  /** True once the fit is over for this task, whatever the endpoint still says. */
  boolean isEnded();

  @Override
  void close();
}
