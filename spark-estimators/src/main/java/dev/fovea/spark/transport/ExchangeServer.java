package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.wire.GradientCompression;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.AbstractAuthRpcHandler;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.util.TransportConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the endpoint of one fit, on the driver, or a relay of it, on an executor, to ranks on other
 * machines until it is closed. Hands messages over on the threads of the network. Thread safe.
 */
public final class ExchangeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeServer.class);
  private static final int FIRST_FREE_PORT = 1024;
  private static final int PORTS = 65_536;

  private final Endpoint endpoint;
  private final TransportConf conf;
  private final SentWeights sent;
  private final Set<RankConnection> connections = ConcurrentHashMap.newKeySet();
  private final TransportContext context;
  private final TransportServer server;
  private final ExchangeAddress address;

  /**
   * @param wanted its port is the first to try
   */
  private ExchangeServer(
      ExchangeAddress wanted, String bindAddress, Endpoint endpoint, SentWeights sent)
      throws IOException {
    this.endpoint = endpoint;
    this.sent = sent;
    this.conf = ExchangeSettings.transport(wanted.settings());
    AuthServerBootstrap authentication =
        new AuthServerBootstrap(conf, FitSecret.keys(wanted.secret()));
    this.context = new TransportContext(conf, new NoOpRpcHandler(), false, false);
    try {
      this.server = bind(bindAddress, wanted.port(), authentication);
    } catch (IOException | RuntimeException | Error e) {
      context.close();
      throw e;
    }
    this.address = wanted.at(wanted.host() + ":" + server.getPort());
  }

  /**
   * Listens from now on, on Spark's bind address and a port of {@code spark.fovea.exchange.port}
   * and those after it.
   *
   * @param spark settings of the driver
   * @param compression how the ranks are to send gradients
   * @throws IllegalArgumentException if a setting is wrong, no port is free, or the address is not
   *     this machine's
   */
  public static ExchangeServer open(
      SparkConf spark, String fit, Endpoint endpoint, GradientCompression compression) {
    String host = spark.get("spark.driver.host");
    ExchangeAddress wanted =
        new ExchangeAddress(
            host,
            ExchangeSettings.port(spark),
            fit,
            spark.getBoolean("spark.authenticate", false) ? null : FitSecret.draw(),
            ExchangeSettings.of(spark),
            compression);
    String bindAddress = spark.get("spark.driver.bindAddress", host);
    try {
      return new ExchangeServer(wanted, bindAddress, endpoint, SentWeights.ofDriver());
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * The same for a relay, on {@code host}: with the secret, the settings and the ports that the
   * driver's server has.
   *
   * @param driver address of the driver's server
   * @throws RelayUnavailableException if no port is free, or {@code host} is not this machine's
   */
  public static ExchangeServer openRelay(ExchangeAddress driver, String host, Endpoint relay) {
    int port = ExchangeSettings.port(driver.settings());
    ExchangeAddress wanted = driver.at(host + ":" + port);
    try {
      return new ExchangeServer(wanted, host, relay, SentWeights.ofRelay());
    } catch (IOException e) {
      throw new RelayUnavailableException(e.getMessage(), e);
    }
  }

  /** What a task needs to find this server. */
  public ExchangeAddress address() {
    return address;
  }

  /** Closes the connections of an executor that Spark has lost: their attempts are lost. */
  public void lostExecutor(String executor) {
    connections.stream().filter(each -> each.isOf(executor)).forEach(RankConnection::close);
  }

  /** Closes all connections; new ones are let in. */
  public void closeChannels() {
    connections.forEach(RankConnection::close);
  }

  @Override
  public void close() {
    server.close();
    closeChannels();
    context.close();
  }

  void opened(RankConnection connection) {
    connections.add(connection);
  }

  void closed(RankConnection connection) {
    connections.remove(connection);
  }

  private TransportServer bind(String host, int first, AuthServerBootstrap authentication)
      throws IOException {
    for (int tried = 0; ; tried++) {
      int port =
          first == 0
              ? 0
              : (first + tried - FIRST_FREE_PORT) % (PORTS - FIRST_FREE_PORT) + FIRST_FREE_PORT;
      try {
        return context.createServer(
            host, port, List.of((channel, handler) -> accept(channel, authentication)));
      } catch (Exception e) { // The transport throws checked exceptions that it does not declare.
        if (!isOfThisMachine(host)) {
          throw new IOException(
              "Exchange: expected an address of this machine to listen on. Received: %s (%s). Set spark.driver.bindAddress on the driver, SPARK_LOCAL_IP on an executor."
                  .formatted(host, Objects.requireNonNullElse(e.getMessage(), e.toString())),
              e);
        }
        if (!isTaken(e) || tried >= conf.portMaxRetries()) {
          throw new IOException(
              "%s: expected a free port on %s, from %d on. Received: %s after %d tries. Set another, or spark.port.maxRetries."
                  .formatted(ExchangeSettings.PORT, host, first, e.getMessage(), tried + 1),
              e);
        }
      }
    }
  }

  /** True where some port of it can be had, whatever has become of the one that was wanted. */
  private static boolean isOfThisMachine(String host) {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return any.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isTaken(Throwable failure) {
    return failure != null && (failure instanceof BindException || isTaken(failure.getCause()));
  }

  /** Puts the gate first, then authentication, then what ranks are to reach. */
  private RpcHandler accept(Channel channel, AuthServerBootstrap authentication) {
    FrameGate gate = FrameGate.ofServer();
    gate.addTo(channel);
    RpcHandler handler =
        authentication.doBootstrap(
            channel, new RankConnection(this, channel, gate, endpoint, sent));
    var unused =
        channel
            .eventLoop()
            .schedule(
                () -> closeStranger(channel, handler),
                conf.authRTTimeoutMs(),
                TimeUnit.MILLISECONDS);
    return handler;
  }

  private void closeStranger(Channel channel, RpcHandler handler) {
    if (channel.isActive()
        && handler instanceof AbstractAuthRpcHandler auth
        && !auth.isAuthenticated()) {
      LOG.warn(
          "Exchange: expected {} to authenticate within {} ms. Its connection is closed.",
          channel.remoteAddress(),
          conf.authRTTimeoutMs());
      var unused = channel.close();
    }
  }
}
