package dev.fovea.spark.training;

import dev.fovea.core.exchange.Endpoint;
import dev.fovea.spark.transport.ExchangeAddress;
import dev.fovea.spark.transport.RemoteEndpoint;

/** The endpoint on the driver, for a task on an executor. */
record RemoteAddress(ExchangeAddress address) implements EndpointAddress {
  private static final long serialVersionUID = 1;

  @Override
  public EndpointConnection connect() {
    RemoteEndpoint remote = RemoteEndpoint.connect(address);
    return new EndpointConnection() {
      @Override
      public Endpoint endpoint() {
        return remote;
      }

      @Override
      public boolean isEnded() {
        return false; // A connection that is lost refuses what is waited for.
      }

      @Override
      public void close() {
        remote.close();
      }
    };
  }
}
