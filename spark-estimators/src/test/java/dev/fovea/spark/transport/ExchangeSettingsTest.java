package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.TransportConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeSettingsTest {
  @Test
  void aLongStepIsNoLostConnection() {
    SparkConf conf = new SparkConf(false).set("spark.network.timeout", "10s");

    TransportConf transport = ExchangeSettings.transport(ExchangeSettings.of(conf));

    assertThat(transport.connectionTimeoutMs()).isZero();
    assertThat(transport.connectionCreationTimeoutMs()).isEqualTo(30_000);
    assertThat(transport.serverThreads()).isBetween(1, 4);
  }

  @Test
  void whatIsSetForThisModuleHolds() {
    SparkConf conf = new SparkConf(false).set("spark.fovea.io.serverThreads", "9");

    assertThat(ExchangeSettings.transport(ExchangeSettings.of(conf)).serverThreads()).isEqualTo(9);
  }

  @Test
  void secretsDoNotTravelWithSettings() {
    SparkConf conf = new SparkConf(false).set("spark.authenticate.secret", "s3cret");

    Map<String, String> settings = ExchangeSettings.of(conf);

    assertThat(settings).doesNotContainValue("s3cret");
  }

  @Test
  void whoCannotEncryptIsNotLetInUnencrypted() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.network.crypto.enabled", "true")
            .set("spark.network.crypto.saslFallback", "true");

    assertThat(ExchangeSettings.transport(ExchangeSettings.of(conf)).saslFallback()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "any", ""})
  void aWrongPortIsRefused(String port) {
    SparkConf conf = new SparkConf(false).set("spark.fovea.exchange.port", port);

    assertThatThrownBy(() -> ExchangeSettings.port(conf))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "spark.fovea.exchange.port: expected a port, or 0 for any. Received: %s."
                .formatted(port));
  }
}
