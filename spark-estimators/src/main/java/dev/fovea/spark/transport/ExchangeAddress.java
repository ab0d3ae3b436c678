package dev.fovea.spark.transport;

import dev.fovea.core.exchange.wire.GradientCompression;
import java.io.Serializable;
import java.util.Map;

/**
 * Where the server of a fit is, or of one of its relays, and what its clients must know. Travels
 * with the task.
 *
 * @param host name or address of the driver, or of the relay's leader
 * @param fit name of the training
 * @param secret of the fit; null where Spark has one
 * @param settings of the transport, equal on both sides
 * @param compression how gradients travel
 */
public record ExchangeAddress(
    String host,
    int port,
    String fit,
    String secret,
    Map<String, String> settings,
    GradientCompression compression)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public ExchangeAddress {
    settings = Map.copyOf(settings);
  }

  /** A server of the same fit at {@code hostAndPort}, which {@link #toString} has written. */
  public ExchangeAddress at(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return new ExchangeAddress(
        hostAndPort.substring(0, colon),
        Integer.parseInt(hostAndPort.substring(colon + 1)),
        fit,
        secret,
        settings,
        compression);
  }

  /** Without the secret and the settings: this may be logged. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
