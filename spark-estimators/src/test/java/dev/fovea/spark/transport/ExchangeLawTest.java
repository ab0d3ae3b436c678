package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.EndpointExchange;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training over the transport gives the bits of one in this JVM. Ranks are {@link SteppingRank}s.
 */
class ExchangeLawTest {
  private static final int RANKS = 2;

  @Test
  void aTrainingOverTheTransportIsOneInThisJvm() throws Exception {
    assertThat(train(Loopback.conf(), true, 0)).isEqualTo(train(Loopback.conf(), false, 0));
  }

  @Test
  void encryptionChangesNothing() throws Exception {
    SparkConf encrypted = Loopback.conf().set("spark.network.crypto.enabled", "true");

    assertThat(train(encrypted, true, 0)).isEqualTo(train(encrypted, false, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aConnectionLostInMidStepChangesNothing(int lostAt) throws Exception {
    assertThat(train(Loopback.conf(), true, lostAt)).isEqualTo(train(Loopback.conf(), false, 0));
  }

  /**
   * @param lostAt the step in which the first attempt of rank 1 ends after its first bucket; or 0
   */
  private static float[] train(SparkConf conf, boolean overTheTransport, int lostAt)
      throws Exception {
    Weights weights = Weights.allocate(SteppingRank.DESCRIPTION.weightCount());
    ExecutorService threads = Executors.newFixedThreadPool(RANKS);
    try (DriverEndpoint driver = SteppingRank.driver(weights);
        Loopback loopback = new Loopback(conf, driver)) {
      int group = driver.beginGroup(ShardMap.even(RANKS));
      List<Future<?>> ranks = new ArrayList<>();
      for (int rank = 0; rank < RANKS; rank++) {
        int me = rank;
        ranks.add(
            threads.submit(
                () -> {
                  attempts(overTheTransport ? loopback : null, driver, group, me, lostAt);
                  return null;
                }));
      }
      for (Future<?> rank : ranks) {
        rank.get(60, TimeUnit.SECONDS);
      }
      assertThat(driver.failure()).isEmpty();
      assertThat(driver.isFinished()).isTrue();
    } finally {
      threads.shutdownNow();
    }
    assertThat(weights.toArray()).isNotEqualTo(new float[(int) weights.count()]);
    return weights.toArray();
  }

  private static void attempts(
      Loopback loopback, DriverEndpoint driver, int group, int rank, int lostAt) {
    for (int attempt = 0; ; attempt++) {
      RemoteEndpoint remote = loopback == null ? null : RemoteEndpoint.connect(loopback.address());
      try (remote) {
        Endpoint endpoint = remote == null ? driver : remote;
        try (GradientExchange exchange = new EndpointExchange(endpoint, () -> false)) {
          SteppingRank.run(
              exchange,
              SteppingRank.hello(group, RANKS, rank, attempt),
              attempt == 0 && rank == 1 ? lostAt : 0);
        }
        return;
      } catch (CancellationException e) {
        assertThat(e).hasMessage("lost");
      }
    }
  }
}
