package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.WeightsRequest;
import dev.fovea.core.exchange.wire.Answers;
import dev.fovea.core.exchange.wire.FloatMemory;
import dev.fovea.core.exchange.wire.FloatMessage;
import dev.fovea.core.exchange.wire.MessageKind;
import dev.fovea.core.exchange.wire.Requests;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of one connection, which is one attempt of a rank: its first message is a
 * hello, and all that follow carry the group and the rank of this hello. Messages come on the
 * thread of the channel, answers from any.
 */
final class RankConnection extends RpcHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeServer.class);

  /** Beside the floats of a frame. */
  private static final long FRAME_HEAD = 1 << 10;

  private final ExchangeServer server;
  private final Channel channel;
  private final FrameGate gate;
  private final Endpoint endpoint;
  private final SentWeights sent;
  private final StreamManager streams = new OneForOneStreamManager();
  private final FloatMemory memory = new FloatMemory();
  private final AtomicReference<Hello> hello = new AtomicReference<>();

  RankConnection(
      ExchangeServer server, Channel channel, FrameGate gate, Endpoint endpoint, SentWeights sent) {
    this.server = server;
    this.channel = channel;
    this.gate = gate;
    this.endpoint = endpoint;
    this.sent = sent;
  }

  /** True where the attempt on this connection runs on that executor. */
  boolean isOf(String executor) {
    Hello said = hello.get();
    return said != null && said.executor().equals(executor);
  }

  /** Ends the connection, without waiting; {@code Endpoint.lost} is called soon. Any thread. */
  void close() {
    var unused = channel.close();
  }

  /** Called for peers that are authenticated, and no others. */
  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    Runnable pass;
    try {
      pass = read(message, callback);
    } catch (IllegalArgumentException e) {
      callback.onSuccess(Answers.write(e));
      LOG.warn(
          "Exchange: {} The connection to {} is closed.", e.getMessage(), channel.remoteAddress());
      var unused = channel.close();
      return;
    }
    pass.run();
  }

  @Override
  public StreamManager getStreamManager() {
    return streams;
  }

  @Override
  public void channelActive(TransportClient client) {
    server.opened(this);
  }

  @Override
  public void channelInactive(TransportClient client) {
    server.closed(this);
    sent.gone(this);
    Hello said = hello.getAndSet(null);
    if (said != null) {
      endpoint.lost(said);
    }
  }

  /** Checks the message; what is given back hands it to the endpoint. */
  private Runnable read(ByteBuffer message, RpcResponseCallback callback) {
    switch (MessageKind.of(message)) {
      case HELLO -> {
        Hello said = Requests.readHello(message);
        requireFirst(said);
        return () -> endpoint.hello(said, new Welcome(said, callback));
      }
      case WEIGHTS_REQUEST -> {
        WeightsRequest request = Requests.readWeightsRequest(message);
        requireOwn("WeightsRequest", request.group(), request.rank());
        return () -> endpoint.weights(request, new FloatReply(callback, WeightsPart::floats));
      }
      case GRADIENT -> {
        GradientPart part = Requests.readGradient(message, memory);
        requireOwn("GradientPart", part.group(), part.rank());
        sent.arrived(part.bucket(), this);
        return () ->
            endpoint.gradient(
                part, new FloatReply(callback, weights -> sent.floats(weights, this)));
      }
      case EVALUATION -> {
        Evaluation evaluation = Requests.readEvaluation(message);
        requireOwn("Evaluation", evaluation.group(), evaluation.rank());
        return () -> endpoint.evaluation(evaluation, new Reply<>(callback, Answers::write));
      }
      default ->
          throw new IllegalArgumentException(
              "Message: expected one of a rank. Received: a %s."
                  .formatted(MessageKind.of(message)));
    }
  }

  private void requireFirst(Hello said) {
    if (!hello.compareAndSet(null, said)) {
      throw new IllegalArgumentException(
          "Hello: expected one for each connection. Received: another, of rank %d."
              .formatted(said.rank()));
    }
  }

  private void requireOwn(String message, int group, int rank) {
    Hello said = hello.get();
    if (said == null) {
      throw new IllegalArgumentException(
          "%s: expected a hello before it. Received: one of rank %d.".formatted(message, rank));
    }
    if (group != said.group() || rank != said.rank()) {
      throw new IllegalArgumentException(
          "%s: expected group %d and rank %d, as in the hello. Received: group %d and rank %d."
              .formatted(message, said.group(), said.rank(), group, rank));
    }
  }

  private void refuse(RpcResponseCallback callback, RuntimeException cause) {
    if (channel.isActive()) {
      callback.onSuccess(Answers.write(cause));
    }
  }

  /** An answer that goes back over the connection, if it is still there. */
  private final class Reply<T> implements Answer<T> {
    private final RpcResponseCallback callback;
    private final Function<T, ByteBuffer> write;

    Reply(RpcResponseCallback callback, Function<T, ByteBuffer> write) {
      this.callback = callback;
      this.write = write;
    }

    @Override
    public void give(T message) {
      if (channel.isActive()) {
        callback.onSuccess(write.apply(message));
      }
    }

    @Override
    public void refuse(RuntimeException cause) {
      RankConnection.this.refuse(callback, cause);
    }
  }

  /** Weights that go back over the connection, if it is still there, from where they are. */
  private final class FloatReply implements Answer<WeightsPart> {
    private final RpcResponseCallback callback;
    private final Function<WeightsPart, ByteBuffer> floats;
    private final long request = gate.passing();

    /**
     * @param floats where the floats are to be read from, until they are written
     */
    FloatReply(RpcResponseCallback callback, Function<WeightsPart, ByteBuffer> floats) {
      this.callback = callback;
      this.floats = floats;
    }

    @Override
    public void give(WeightsPart part) {
      if (channel.isActive()) {
        FloatMessage message =
            Answers.write(new WeightsPart(part.position(), part.bucket(), floats.apply(part)));
        var unused =
            channel
                .writeAndFlush(FloatFrames.response(request, message))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      }
    }

    @Override
    public void refuse(RuntimeException cause) {
      RankConnection.this.refuse(callback, cause);
    }
  }

  /** The answer to a hello: from now on gradients are let in. */
  private final class Welcome implements Answer<Config> {
    private final Hello said;
    private final Reply<Config> reply;

    Welcome(Hello said, RpcResponseCallback callback) {
      this.said = said;
      this.reply = new Reply<>(callback, Answers::write);
    }

    @Override
    public void give(Config config) {
      long floats = config.buckets().stream().mapToLong(Bucket::count).max().orElse(0);
      gate.admit(Math.max(FrameGate.SMALL, floats * Float.BYTES + FRAME_HEAD));
      reply.give(config);
    }

    @Override
    public void refuse(RuntimeException cause) {
      hello.compareAndSet(said, null);
      reply.refuse(cause);
    }
  }
}
