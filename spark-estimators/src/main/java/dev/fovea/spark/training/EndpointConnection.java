package dev.fovea.spark.training;

import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.tensor.Weights;

/** A task's way to the endpoint of its fit, until it is closed. */
interface EndpointConnection extends AutoCloseable {
  Endpoint endpoint();

  /** Memory for the weights of a rank: its own, or the driver's where it trains in place. */
  default Weights weights(long count) {
    return Weights.allocate(count);
  }

  /** True once the fit is over for this task, whatever the endpoint still says. */
  boolean isEnded();

  @Override
  void close();
}
