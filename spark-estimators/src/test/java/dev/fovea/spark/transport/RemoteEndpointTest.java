package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.WeightsRequest;
import dev.fovea.core.exchange.wire.GradientCompression;
import dev.fovea.core.tensor.StepSums;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteEndpointTest {
  @Test
  void everyMessageAndItsAnswerArriveAsTheyWereSent() {
    SummingEndpoint endpoint = new SummingEndpoint(1, 100, 7);
    try (Loopback loopback = new Loopback(endpoint)) {
      RemoteEndpoint client = loopback.connect();
      TestRank rank = new TestRank(client, 0);

      Config config = Futures.get(rank.hello());
      int floats =
          Futures.get(
              TestRank.ask(
                  (WeightsRequest m, Answer<Integer> answer) -> client.weights(m, given(answer)),
                  new WeightsRequest(0, 0, 1)));
      GradientPart part = TestRank.part(1, 0, 0, 100, 2.5f);
      Futures.requireFloats(Futures.get(rank.gradient(part)), 0, 100, 2.5f);
      Evaluation evaluation = new Evaluation(0, 6, 0, new StepSums(7, 8, 9));
      Position next = Futures.get(TestRank.ask(client::evaluation, evaluation));

      assertThat(endpoint.hellos).containsExactly(TestRank.helloOf(0, "executor-0"));
      assertThat(config).isEqualTo(endpoint.config());
      assertThat(floats).isEqualTo(7);
      assertThat(endpoint.parts).containsExactly(part);
      assertThat(endpoint.evaluations).containsExactly(evaluation);
      assertThat(next).isEqualTo(new Position(1, 7, 0, Directive.STOP));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void ranksGetEachOthersSums(int ranks) {
    SummingEndpoint endpoint = new SummingEndpoint(ranks, 1000, 300_000, 1);
    try (Loopback loopback = new Loopback(endpoint)) {
      TestRank.steps(loopback.join(ranks), endpoint.config(), 4);
    }
  }

  @Test
  void bfloat16GradientsArriveRounded() {
    SummingEndpoint endpoint = new SummingEndpoint(1, 5000);
    try (Loopback loopback =
        new Loopback(Loopback.conf(), endpoint, GradientCompression.BFLOAT16)) {
      TestRank rank = loopback.join(1).get(0);

      Futures.requireFloats(Futures.get(rank.gradient(1, 0, 5000, 257)), 0, 5000, 256);
      Futures.requireFloats(Futures.get(rank.gradient(2, 0, 5000, 0.5f)), 0, 5000, 0.5f);
    }
  }

  @Test
  void aGradientWithoutRowsHasNoFloats() {
    SummingEndpoint endpoint = new SummingEndpoint(1, 0);
    try (Loopback loopback = new Loopback(endpoint)) {
      TestRank rank = loopback.join(1).get(0);

      assertThat(Futures.get(rank.gradient(1, 0, 0, 0)).floats().remaining()).isZero();
      assertThat(endpoint.parts.get(0).floats().remaining()).isZero();
    }
  }

  @Test
  void aRefusalArrivesAsItWasMade() {
    SummingEndpoint endpoint = new SummingEndpoint(1, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      RemoteEndpoint client = loopback.connect();
      assertThat(Futures.failure(new TestRank(client, 1).hello()))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("Hello: expected another rank.");
      TestRank rank = new TestRank(client, 0);
      assertThat(Futures.get(rank.hello())).isEqualTo(endpoint.config());
      GradientPart negative =
          new GradientPart(0, 1, 0, 0, new StepSums(-1, 0, 0), 0, ByteBuffer.allocate(0));

      assertThat(Futures.failure(rank.gradient(negative)))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage("Gradient: expected a weight.");
      Futures.requireFloats(Futures.get(rank.gradient(1, 0, 10, 1)), 0, 10, 1);
    }
  }

  @Test
  void aDriverThatIsNotThereIsSaidSo() throws IOException {
    try (Loopback loopback = new Loopback(new SummingEndpoint(1, 10));
        Socket silent = new Socket()) { // has a port, so that nobody else has, and does not listen
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = silent.getLocalPort();
      ExchangeAddress nobody = loopback.address().at(Loopback.HOST + ":" + port);

      assertThatThrownBy(() -> RemoteEndpoint.connect(nobody))
          .isInstanceOf(ExchangeLostException.class)
          .hasMessage(
              "Exchange: expected to connect to the server at 127.0.0.1:%d. Received: Failed to connect to /127.0.0.1:%d. Let executors reach this port; spark.fovea.exchange.port sets it."
                  .formatted(port, port));
    }
  }

  @Test
  void anInterruptEndsConnectingAndStaysSet() {
    try (Loopback loopback = new Loopback(new SummingEndpoint(1, 10))) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> RemoteEndpoint.connect(loopback.address()))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptEndsAuthenticatingAndStaysSet() throws IOException {
    Thread connecting = Thread.currentThread();
    try (Loopback loopback = new Loopback(new SummingEndpoint(1, 10));
        ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ExchangeAddress mute = loopback.address().at(Loopback.HOST + ":" + silent.getLocalPort());
      CompletableFuture<Void> interrupting =
          CompletableFuture.runAsync(
              () -> {
                try (Socket client = silent.accept()) {
                  assertThat(client.getInputStream().read()).isNotNegative();
                  connecting.interrupt();
                  assertThat(client.getInputStream().readAllBytes()).isNotEmpty(); // To its end.
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });

      assertThatThrownBy(() -> RemoteEndpoint.connect(mute))
          .isInstanceOf(CancellationException.class)
          .hasMessage("Exchange: interrupted while connecting to " + mute + ".");
      assertThat(Thread.interrupted()).isTrue();
      Futures.get(interrupting);
    }
  }

  @Test
  void messagesAfterTheEndAreRefused() {
    SummingEndpoint endpoint = new SummingEndpoint(1, 10);
    try (Loopback loopback = new Loopback(endpoint)) {
      RemoteEndpoint client = loopback.connect();
      TestRank rank = new TestRank(client, 0);
      assertThat(Futures.get(rank.hello())).isNotNull();
      client.close();
      client.close();

      CompletableFuture<?> answer = rank.gradient(1, 0, 10, 1);

      assertThat(Futures.failure(answer))
          .isInstanceOf(ExchangeLostException.class)
          .hasMessageMatching( // It depends on what is seen first, the end or the message.
              "Exchange: expected an answer of the server at %s\\. Received: (gradient not sent, .*ClosedChannelException|Connection from .+ closed)\\."
                  .formatted(loopback.address()));
      assertThat(List.copyOf(endpoint.parts)).isEmpty();
    }
  }

  private static Answer<WeightsPart> given(Answer<Integer> answer) {
    return new Answer<>() {
      @Override
      public void give(WeightsPart part) {
        answer.give(part.floats().remaining() / Float.BYTES);
      }

      @Override
      public void refuse(RuntimeException cause) {
        answer.refuse(cause);
      }
    };
  }
}
