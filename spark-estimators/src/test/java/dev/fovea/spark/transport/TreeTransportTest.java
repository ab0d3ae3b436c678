package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.EndpointExchange;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.RelayEndpoint;
import dev.fovea.core.exchange.RelayMap;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree over the transport, with a server for each relay, gives the bits of one in this JVM. */
@Timeout(60)
class TreeTransportTest {
  private static final int RANKS = 4;
  private static final RelayMap TREE = RelayMap.tree(RANKS);
  private static final int NOBODY = -1;

  @Test
  void aTreeOverTheTransportIsOneInThisJvm() throws Exception {
    assertThat(train(Loopback.conf(), true, NOBODY)).isEqualTo(undisturbed());
  }

  @Test
  void encryptionChangesNothing() throws Exception {
    SparkConf encrypted = Loopback.conf().set("spark.network.crypto.enabled", "true");

    assertThat(train(encrypted, true, NOBODY)).isEqualTo(undisturbed());
  }

  /** Ranks 0 and 2 lead. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aRankLostInMidStepChangesNothing(int lost) throws Exception {
    assertThat(train(Loopback.conf(), true, lost)).isEqualTo(undisturbed());
  }

  @Test
  void aRelayHasTheSecretOfTheFit() {
    try (Loopback loopback = new Loopback(new SummingEndpoint(2, 16));
        ExchangeServer relay =
            ExchangeServer.openRelay(
                loopback.address(), Loopback.HOST, new SummingEndpoint(1, 16))) {
      ExchangeAddress there = loopback.address().at(relay.address().toString());

      assertThat(there).isEqualTo(relay.address()).isNotEqualTo(loopback.address());
      try (RemoteEndpoint remote = RemoteEndpoint.connect(there)) {
        assertThat(Futures.get(new TestRank(remote, 0).hello()).buckets()).hasSize(1);
      }
    }
  }

  private static float[] undisturbed() throws Exception {
    return train(Loopback.conf(), false, NOBODY);
  }

  /**
   * @param lost the rank that is lost in step 3 of the first group, and makes another begin
   */
  private static float[] train(SparkConf conf, boolean overTheTransport, int lost)
      throws Exception {
    Weights weights = Weights.allocate(SteppingRank.DESCRIPTION.weightCount());
    try (DriverEndpoint driver = SteppingRank.driver(weights);
        Loopback loopback = new Loopback(conf, driver)) {
      for (int group = 0; !driver.isFinished(); group++) {
        assertThat(driver.beginGroup(ShardMap.even(RANKS), TREE)).isEqualTo(group);
        Ranks ranks = new Ranks(loopback, driver, overTheTransport, group);
        ranks.run(group == 0 ? lost : NOBODY);
        assertThat(driver.failure()).isEmpty();
        assertThat(driver.isFinished() || driver.isBroken()).isTrue();
        assertThat(group).isLessThan(2);
      }
    }
    assertThat(weights.toArray()).isNotEqualTo(new float[(int) weights.count()]);
    return weights.toArray();
  }

  /** The ranks of one group, each a thread. */
  private record Ranks(
      Loopback loopback,
      DriverEndpoint driver,
      boolean overTheTransport,
      int group,
      Map<String, RelayEndpoint> inThisJvm) {
    Ranks(Loopback loopback, DriverEndpoint driver, boolean overTheTransport, int group) {
      this(loopback, driver, overTheTransport, group, new ConcurrentHashMap<>());
    }

    void run(int lost) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(RANKS);
      try {
        List<Future<?>> ended = new ArrayList<>();
        for (int rank = 0; rank < RANKS; rank++) {
          int me = rank;
          ended.add(
              threads.submit(
                  () -> {
                    run(me, me == lost ? 3 : 0, lost != NOBODY);
                    return null;
                  }));
        }
        for (Future<?> rank : ended) {
          rank.get(30, TimeUnit.SECONDS);
        }
      } finally {
        threads.shutdownNow();
      }
    }

    private void run(int rank, int lostAt, boolean mayLoseOthers) {
      try (RemoteEndpoint remote =
          overTheTransport ? RemoteEndpoint.connect(loopback.address()) : null) {
        Endpoint endpoint = remote == null ? driver : remote;
        boolean leads = TREE.leaders().contains(rank);
        RelayEndpoint relay =
            leads ? new RelayEndpoint(group, TREE, TREE.relayOf(rank), endpoint) : null;
        if (relay == null) {
          member(endpoint, rank, lostAt);
        } else {
          leader(endpoint, relay, rank, lostAt);
        }
      } catch (CancellationException e) {
        assertThat(e).hasMessage("lost");
      } catch (ExchangeLostException e) {
        assertThat(mayLoseOthers).isTrue();
      }
    }

    private void leader(Endpoint endpoint, RelayEndpoint relay, int rank, int lostAt) {
      try (ExchangeServer server =
          ExchangeServer.openRelay(loopback.address(), Loopback.HOST, relay)) {
        String address = server.address().toString();
        inThisJvm.put(address, relay);
        Hello hello = SteppingRank.hello(group, RANKS, rank, 0).at(address);
        try (GradientExchange exchange =
            new EndpointExchange(endpoint, config -> begun(relay, config), () -> false)) {
          SteppingRank.run(exchange, hello, lostAt);
        }
        relay.awaitGone(10_000, () -> false);
      }
    }

    private static Endpoint begun(RelayEndpoint relay, Config config) {
      relay.begin(config);
      return relay;
    }

    private void member(Endpoint endpoint, int rank, int lostAt) {
      List<RemoteEndpoint> opened = new ArrayList<>();
      try (GradientExchange exchange =
          new EndpointExchange(endpoint, config -> relay(rank, config, opened), () -> false)) {
        SteppingRank.run(exchange, SteppingRank.hello(group, RANKS, rank, 0), lostAt);
      } finally {
        opened.forEach(RemoteEndpoint::close);
      }
    }

    private Endpoint relay(int rank, Config config, List<RemoteEndpoint> opened) {
      String address = config.relays().get(rank);
      if (!overTheTransport) {
        return inThisJvm.get(address);
      }
      opened.add(RemoteEndpoint.connect(loopback.address().at(address)));
      return opened.get(0);
    }
  }
}
