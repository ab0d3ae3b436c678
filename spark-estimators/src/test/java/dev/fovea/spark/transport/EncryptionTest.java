package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Config;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an eavesdropper sees. */
class EncryptionTest {
  @Test
  void whereSparkDoesNotEncryptNorDoWe() throws Exception {
    assertThat(overheard(Loopback.conf())).contains(SummingEndpoint.NETWORK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.network.crypto.enabled",
        "spark.authenticate.enableSaslEncryption",
        "spark.network.sasl.serverAlwaysEncrypt",
        "spark.ssl.rpc.enabled"
      })
  void whereSparkEncryptsSoDoWe(String setting) throws Exception {
    assertThat(overheard(Loopback.conf().set(setting, "true")))
        .isNotEmpty()
        .doesNotContain(SummingEndpoint.NETWORK);
  }

  /** Trains two steps through a relay; what went through it. */
  private static String overheard(SparkConf conf) throws Exception {
    SummingEndpoint endpoint = new SummingEndpoint(1, 300_000, 10);
    try (Loopback loopback = new Loopback(conf, endpoint);
        Relay relay = new Relay(loopback.address().port())) {
      ExchangeAddress to = loopback.address();
      ExchangeAddress through =
          new ExchangeAddress(
              Loopback.HOST, relay.port(), to.fit(), to.secret(), to.settings(), to.compression());
      try (RemoteEndpoint client = RemoteEndpoint.connect(through)) {
        TestRank rank = new TestRank(client, 0);
        Config config = Futures.get(rank.hello());
        TestRank.steps(List.of(rank), config, 2);
      }
      return new String(relay.overheard(), StandardCharsets.ISO_8859_1);
    }
  }
}
