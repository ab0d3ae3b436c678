package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.wire.GradientCompression;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkConf;

/** A server on this machine, and connections to it; closes them all. */
final class Loopback implements AutoCloseable {
  static final String HOST = "127.0.0.1";

  final ExchangeServer server;
  private final List<RemoteEndpoint> clients = new ArrayList<>();

  Loopback(Endpoint endpoint) {
    this(conf(), endpoint);
  }

  Loopback(SparkConf conf, Endpoint endpoint) {
    this(conf, endpoint, GradientCompression.NONE);
  }

  Loopback(SparkConf conf, Endpoint endpoint, GradientCompression compression) {
    server = ExchangeServer.open(conf, "fit", endpoint, compression);
  }

  static SparkConf conf() {
    return new SparkConf(false).set("spark.driver.host", HOST);
  }

  ExchangeAddress address() {
    return server.address();
  }

  RemoteEndpoint connect() {
    RemoteEndpoint client = RemoteEndpoint.connect(address());
    clients.add(client);
    return client;
  }

  /** So many ranks that have all been let in. */
  List<TestRank> join(int ranks) {
    List<TestRank> joined = new ArrayList<>();
    List<CompletableFuture<Config>> configs = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      joined.add(new TestRank(connect(), rank));
      configs.add(joined.get(rank).hello());
    }
    configs.forEach(Futures::get);
    return joined;
  }

  @Override
  public void close() {
    clients.forEach(RemoteEndpoint::close);
    server.close();
  }
}
