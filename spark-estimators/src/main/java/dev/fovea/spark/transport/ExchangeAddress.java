package dev.fovea.spark.transport;

import dev.fovea.core.exchange.wire.GradientCompression;
import java.io.Serializable;
import java.util.Map;

/**
 * Where the server of a fit is, and what its clients must know. Travels with the task.
 *
 * @param host name or address of the driver
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

  /** Without the secret and the settings: this may be logged. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
