package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.wire.GradientCompression;
import dev.fovea.core.tensor.StepSums;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExchangeServerTest {
  @Test
  void aLostConnectionIsALostAttempt() throws InterruptedException {
    SummingEndpoint endpoint = new SummingEndpoint(2, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      RemoteEndpoint first = loopback.connect();
      CompletableFuture<?> waits = new TestRank(first, 0).hello();
      Futures.await(() -> !endpoint.hellos().isEmpty());

      first.close();

      Futures.await(() -> !endpoint.lost().isEmpty());
      assertThat(endpoint.lost()).isEqualTo(endpoint.hellos());
      assertThat(Futures.failure(waits)).isInstanceOf(ExchangeLostException.class);
    }
  }

  @Test
  void theNextAttemptGoesOn() throws InterruptedException {
    SummingEndpoint endpoint = new SummingEndpoint(2, 1000);
    try (Loopback loopback = new Loopback(endpoint)) {
      RemoteEndpoint first = loopback.connect();
      RemoteEndpoint second = loopback.connect();
      TestRank stays = new TestRank(first, 0);
      CompletableFuture<?> waits = stays.hello();
      assertThat(Futures.get(new TestRank(second, 1).hello())).isEqualTo(Futures.get(waits));
      second.lost(TestRank.helloOf(1, "executor-1"));
      Futures.await(() -> !endpoint.lost().isEmpty());
      TestRank again = new TestRank(loopback.connect(), 1);
      assertThat(Futures.get(again.hello())).isNotNull();

      TestRank.steps(List.of(stays, again), endpoint.config(), 3);
    }
  }

  @Test
  void aLostExecutorLosesItsAttemptsOnly() throws InterruptedException {
    SummingEndpoint endpoint = new SummingEndpoint(3, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      List<TestRank> ranks = loopback.join(3);
      CompletableFuture<?> waits = ranks.get(1).gradient(1, 0, 10, 1);

      loopback.server.lostExecutor("executor-1");

      assertThat(Futures.failure(waits)).isInstanceOf(ExchangeLostException.class);
      Futures.await(() -> !endpoint.lost().isEmpty());
      assertThat(endpoint.lost()).containsExactly(TestRank.helloOf(1, "executor-1"));
    }
  }

  @Test
  void closedChannelsMakeRoomForTheNextGroup() throws InterruptedException {
    SummingEndpoint endpoint = new SummingEndpoint(2, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      CompletableFuture<?> waits = loopback.join(2).get(0).gradient(1, 0, 10, 1);

      loopback.server.closeChannels();

      assertThat(Futures.failure(waits)).isInstanceOf(ExchangeLostException.class);
      Futures.await(() -> endpoint.lost().size() == 2);
      assertThat(loopback.join(2)).hasSize(2);
    }
  }

  @Test
  void aClosedServerEndsThoseWhoWait() throws InterruptedException {
    SummingEndpoint endpoint = new SummingEndpoint(2, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      CompletableFuture<?> waits = new TestRank(loopback.connect(), 0).hello();
      Futures.await(() -> !endpoint.hellos().isEmpty());

      loopback.server.close();

      assertThat(Futures.failure(waits))
          .isInstanceOf(ExchangeLostException.class)
          .hasMessage(
              "Exchange: expected an answer of the server at %s. Received: Connection from /%s closed."
                  .formatted(loopback.address(), loopback.address()));
    }
  }

  @Test
  void theFirstMessageIsAHello() {
    SummingEndpoint endpoint = new SummingEndpoint(1, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      TestRank rank = new TestRank(loopback.connect(), 0);

      assertThat(Futures.failure(rank.gradient(1, 0, 10, 1)))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("GradientPart: expected a hello before it. Received: one of rank 0.");
      assertThat(Futures.failure(rank.hello())).isInstanceOf(ExchangeLostException.class);
      assertThat(endpoint.parts).isEmpty();
    }
  }

  @Test
  void aConnectionSpeaksForOneAttempt() throws InterruptedException {
    SummingEndpoint endpoint = new SummingEndpoint(2, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      List<TestRank> ranks = loopback.join(2);
      GradientPart ofGroup1 =
          new GradientPart(1, 1, 0, 0, StepSums.ZERO, 0, ByteBuffer.allocate(0));

      assertThat(Futures.failure(ranks.get(0).gradient(ofGroup1)))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "GradientPart: expected group 0 and rank 0, as in the hello. Received: group 1 and"
                  + " rank 0.");
      assertThat(Futures.failure(ranks.get(1).hello()))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("Hello: expected one for each connection. Received: another, of rank 1.");
      Futures.await(() -> endpoint.lost().size() == 2);
      assertThat(endpoint.parts).isEmpty();
    }
  }

  @Test
  void portsThatAreTakenArePassedOver() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      var conf = Loopback.conf().set("spark.fovea.exchange.port", "" + port);
      try (Loopback loopback = new Loopback(conf, new SummingEndpoint(1, 10))) {
        assertThat(loopback.address().port()).isBetween(port + 1, port + 16);
      }

      conf.set("spark.port.maxRetries", "0");
      assertThatThrownBy(
              () ->
                  ExchangeServer.open(
                      conf, "fit", new SummingEndpoint(1, 10), GradientCompression.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "spark.fovea.exchange.port: expected a free port on 127.0.0.1, from %d on. Received: Address already in use after 1 tries. Set another, or spark.port.maxRetries."
                  .formatted(port));
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNoTakenPort() {
    for (String elsewhere : new String[] {"192.0.2.1", "nowhere.invalid"}) {
      var conf = Loopback.conf().set("spark.driver.bindAddress", elsewhere);
      for (String port : new String[] {"0", "40000"}) {
        conf.set("spark.fovea.exchange.port", port);
        assertThatThrownBy(
                () ->
                    ExchangeServer.open(
                        conf, "fit", new SummingEndpoint(1, 10), GradientCompression.NONE))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageMatching(
                "Exchange: expected an address of this machine to listen on\\. Received: "
                    + elsewhere
                    + " \\(.+\\)\\. Set spark\\.driver\\.bindAddress on the driver, SPARK_LOCAL_IP"
                    + " on an executor\\.");
      }
    }
  }

  @Test
  void aRelayWithoutAPortSaysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Map<String, String> settings =
          Map.of("spark.fovea.exchange.port", "" + port, "spark.port.maxRetries", "0");
      ExchangeAddress driver =
          new ExchangeAddress(
              "driver", 1, "fit", FitSecret.draw(), settings, GradientCompression.NONE);

      assertThatThrownBy(
              () -> ExchangeServer.openRelay(driver, Loopback.HOST, new SummingEndpoint(1, 10)))
          .isInstanceOf(RelayUnavailableException.class)
          .hasMessageStartingWith(
              "spark.fovea.exchange.port: expected a free port on 127.0.0.1, from " + port);
    }
  }

  @Test
  void nothingIsLeftWhenAllIsClosed() throws InterruptedException {
    SummingEndpoint first = new SummingEndpoint(2, 10);
    try (Loopback loopback = new Loopback(first)) {
      loopback.join(2); // What Netty opens once stays.
    }
    Futures.await(() -> threads() == 0);
    long sockets = sockets();

    for (int time = 0; time < 20; time++) {
      SummingEndpoint endpoint = new SummingEndpoint(2, 10);
      try (Loopback loopback = new Loopback(endpoint)) {
        TestRank.steps(loopback.join(2), endpoint.config(), 1);
      }
    }

    Futures.await(() -> threads() == 0 && sockets() <= sockets);
  }

  @Test
  void theSecretIsNotPrinted() {
    try (Loopback loopback = new Loopback(new SummingEndpoint(1, 10))) {
      ExchangeAddress address = loopback.address();
      assertThat(address.secret()).hasSize(44);
      assertThat(address).hasToString("127.0.0.1:" + address.port());
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fovea-"))
        .count();
  }

  private static long sockets() {
    return Arrays.stream(Objects.requireNonNull(new File("/proc/self/fd").listFiles()))
        .filter(ExchangeServerTest::isSocket)
        .count();
  }

  private static boolean isSocket(File descriptor) {
    try {
      return Files.readSymbolicLink(descriptor.toPath()).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // It has been closed meanwhile.
    }
  }
}
