package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.wire.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who knocks without being a rank is not heard, and the ranks notice nothing. */
class StrangersTest {
  private static final int PATIENCE_MILLIS = 20_000;

  private final SummingEndpoint endpoint = new SummingEndpoint(2, 1000, 20_000);
  private final Loopback loopback = new Loopback(endpoint);
  private List<TestRank> ranks;

  @BeforeEach
  void twoRanksTrain() {
    ranks = loopback.join(2);
    TestRank.steps(ranks, endpoint.config(), 2);
  }

  @AfterEach
  void theTrainingWentOnUndisturbed() {
    try (loopback) {
      TestRank.steps(ranks, endpoint.config(), 2);
      assertThat(endpoint.lost()).isEmpty();
      assertThat(endpoint.hellos()).hasSize(2);
    }
  }

  @Test
  void aWrongSecretIsRefused() {
    ExchangeAddress right = loopback.address();
    ExchangeAddress wrong =
        new ExchangeAddress(
            right.host(),
            right.port(),
            right.fit(),
            FitSecret.draw(),
            right.settings(),
            right.compression());

    assertThatThrownBy(() -> RemoteEndpoint.connect(wrong))
        .isInstanceOf(ExchangeLostException.class)
        .hasMessageMatching(
            "Exchange: expected to connect to the server at "
                + right
                + "\\. Received: .+[^.]\\. Let executors reach this port; "
                + "spark\\.fovea\\.exchange\\.port sets it\\.");
  }

  @Test
  void aPeerThatDoesNotAuthenticateIsNotHeard() throws Exception {
    ByteBuffer hello = Requests.write(TestRank.helloOf(0, "stranger"));
    try (TransportContext context =
            new TransportContext(
                ExchangeSettings.transport(loopback.address().settings()),
                new NoOpRpcHandler(),
                false,
                true);
        TransportClientFactory factory = context.createClientFactory();
        TransportClient client =
            factory.createUnmanagedClient(Loopback.HOST, loopback.address().port())) {

      assertThatThrownBy(() -> client.sendRpcSync(hello, PATIENCE_MILLIS))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void garbageIsRefused() throws IOException {
    byte[] garbage = new byte[4096];
    new Random(4).nextBytes(garbage);
    assertThat(isClosedAfter(garbage)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 20, (64 << 10) + 1, Integer.MAX_VALUE, 1L << 40})
  void aFrameOfAWrongSizeIsRefusedByItsHead(long bytes) throws IOException {
    assertThat(isClosedAfter(frame(bytes, FrameGate.RPC_REQUEST))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 6, 9, 10, 127, -1})
  void aFrameOfAnotherTypeIsRefused(int type) throws IOException {
    assertThat(isClosedAfter(frame(100, type))).isTrue();
  }

  @Test
  void whoDoesNotAuthenticateInTimeIsClosed() throws IOException {
    SummingEndpoint another = new SummingEndpoint(2, 1000);
    try (Loopback impatient =
        new Loopback(Loopback.conf().set("spark.network.auth.rpcTimeout", "4s"), another)) {
      List<TestRank> inTime = impatient.join(2);
      try (Socket sendsAFrameThatNeverEnds = open(impatient);
          Socket saysNothing = open(impatient)) {
        sendsAFrameThatNeverEnds.getOutputStream().write(frame(1000, FrameGate.RPC_REQUEST));
        TestRank.steps(inTime, another.config(), 2);

        assertThat(isEnd(sendsAFrameThatNeverEnds)).isTrue();
        assertThat(isEnd(saysNothing)).isTrue();
      }
      TestRank.steps(inTime, another.config(), 2);
      assertThat(another.lost()).isEmpty();
    }
  }

  @Test
  void aLargeMessageBeforeTheHelloIsAcceptedIsRefused() throws InterruptedException {
    SummingEndpoint another = new SummingEndpoint(2, 20_000);
    try (Loopback other = new Loopback(another)) {
      TestRank rank = new TestRank(other.connect(), 0);
      CompletableFuture<Config> waits = rank.hello();
      Futures.await(() -> !another.hellos().isEmpty());

      CompletableFuture<?> large = rank.gradient(1, 0, 20_000, 1);

      assertThat(Futures.failure(large)).isInstanceOf(ExchangeLostException.class);
      assertThat(Futures.failure(waits)).isInstanceOf(ExchangeLostException.class);
      Futures.await(() -> !another.lost().isEmpty());
      assertThat(another.parts).isEmpty();
    }
  }

  @Test
  void aMessageLargerThanAnyBucketIsRefused() {
    SummingEndpoint another = new SummingEndpoint(1, 20_000);
    try (Loopback other = new Loopback(another)) {
      TestRank rank = other.join(1).get(0);
      Futures.requireFloats(Futures.get(rank.gradient(1, 0, 20_000, 1)), 0, 20_000, 1);

      CompletableFuture<?> large = rank.gradient(2, 0, 20_257, 1);

      assertThat(Futures.failure(large)).isInstanceOf(ExchangeLostException.class);
      assertThat(another.parts).hasSize(1);
    }
  }

  private static Socket open(Loopback to) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.address().port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private boolean isClosedAfter(byte[] bytes) throws IOException {
    try (Socket socket = open(loopback)) {
      socket.getOutputStream().write(bytes);
      return isEnd(socket);
    }
  }

  /** True when the server closes the connection, whatever it sends before. */
  private static boolean isEnd(Socket socket) throws IOException {
    try {
      int read = socket.getInputStream().read();
      while (read >= 0) {
        read = socket.getInputStream().read();
      }
      return true;
    } catch (SocketException e) { // Closed with bytes of ours unread.
      return true;
    }
  }

  private static byte[] frame(long bytes, int type) {
    return ByteBuffer.allocate(100).putLong(bytes).put((byte) type).array();
  }
}
