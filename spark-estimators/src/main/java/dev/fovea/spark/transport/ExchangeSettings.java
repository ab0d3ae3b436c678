package dev.fovea.spark.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;
import scala.Tuple2;

/**
 * From Spark's settings to those of our transport. It is a module of Spark's network of its own:
 * {@code spark.fovea.io.*} sets what {@code spark.rpc.io.*} sets for Spark's messages.
 */
final class ExchangeSettings {
  /** First port to try; 0 for any. */
  static final String PORT = "spark.fovea.exchange.port";

  private static final String MODULE = "fovea";
  private static final int MOST_SERVER_THREADS = 4;
  private static final int LARGEST_PORT = 65_535;

  private ExchangeSettings() {}

  static Map<String, String> of(SparkConf conf) {
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : conf.getAll()) {
      String key = setting._1();
      if (key.startsWith("spark.fovea.")
          || key.startsWith("spark.network.")
          || key.equals("spark.port.maxRetries")) {
        settings.put(key, setting._2());
      }
    }
    int cores = Runtime.getRuntime().availableProcessors();
    settings.putIfAbsent("spark.fovea.io.serverThreads", "" + Math.min(MOST_SERVER_THREADS, cores));
    settings.putIfAbsent("spark.fovea.io.clientThreads", "1");
    settings.putIfAbsent("spark.fovea.io.mode", "NIO");
    // Ranks wait for each other as long as a step takes; Spark says which executors are gone.
    settings.putIfAbsent("spark.fovea.io.connectionTimeout", "0s");
    settings.putIfAbsent("spark.fovea.io.connectionCreationTimeout", "30s");
    settings.putIfAbsent("spark.fovea.io.enableTcpKeepAlive", "true");
    // AES alone encrypts: we have no key store for TLS, and SASL's own encryption is the old one.
    settings.put("spark.network.crypto.enabled", "" + isEncrypted(conf));
    settings.put("spark.network.crypto.saslFallback", "false");
    settings.put("spark.network.sasl.serverAlwaysEncrypt", "false");
    return settings;
  }

  /** True where Spark encrypts its own messages, by whatever means. */
  static boolean isEncrypted(SparkConf conf) {
    return Stream.of(
            "spark.network.crypto.enabled",
            "spark.authenticate.enableSaslEncryption",
            "spark.network.sasl.serverAlwaysEncrypt",
            "spark.ssl.rpc.enabled")
        .anyMatch(key -> conf.getBoolean(key, false));
  }

  static TransportConf transport(Map<String, String> settings) {
    return new TransportConf(MODULE, new MapConfigProvider(settings));
  }

  static int port(SparkConf conf) {
    return port(conf.get(PORT, "0"));
  }

  /** Of settings that {@link #of} has made. */
  static int port(Map<String, String> settings) {
    return port(settings.getOrDefault(PORT, "0"));
  }

  private static int port(String value) {
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "%s: expected a port, or 0 for any. Received: %s.".formatted(PORT, value));
    }
    return Integer.parseInt(value);
  }
}
