package dev.fovea.spark.training;

import dev.fovea.core.exchange.Endpoint;
import dev.fovea.spark.transport.ExchangeAddress;
import dev.fovea.spark.transport.ExchangeServer;
import dev.fovea.spark.transport.RemoteEndpoint;
import org.apache.spark.SparkEnv;

/** The endpoint on the driver, or a relay on another executor, for a task on an executor. */
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

  /** On the address where other executors fetch this one's blocks. */
  @Override
  public RelayServer openRelay(Endpoint relay) {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    ExchangeServer server = ExchangeServer.openRelay(address, host, relay);
    return new RelayServer() {
      @Override
      public String address() {
        return server.address().toString();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  @Override
  public EndpointAddress ofRelay(String hostAndPort) {
    return new RemoteAddress(address.at(hostAndPort));
  }
}
