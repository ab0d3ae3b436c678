package dev.fovea.spark.transport;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.WeightsRequest;
import dev.fovea.core.exchange.wire.Answers;
import dev.fovea.core.exchange.wire.FloatMemory;
import dev.fovea.core.exchange.wire.FloatMessage;
import dev.fovea.core.exchange.wire.MessageKind;
import dev.fovea.core.exchange.wire.Requests;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.TransportConf;

/**
 * The endpoint on the driver, or a relay, from a task: sends each message over one connection,
 * which is one attempt of one rank. Gradients are sent from where they are. Answers come on the
 * thread of the network; the floats of a {@link WeightsPart} are valid during {@link Answer#give}
 * only. When the connection is lost, whatever is waited for is refused with an {@link
 * ExchangeLostException}.
 *
 * <p>Owns the connection and one thread.
 */
public final class RemoteEndpoint implements Endpoint, AutoCloseable {
  private final ExchangeAddress address;
  private final TransportContext context;
  private final TransportClientFactory factory;
  private final TransportClient client;

  /** By bucket: memory of a compressed gradient whose answer has come. */
  private final ConcurrentMap<Integer, FloatMemory> free = new ConcurrentHashMap<>();

  /** Spark's requests on this connection have ids that are not negative. */
  private final AtomicLong id = new AtomicLong(Long.MIN_VALUE);

  private RemoteEndpoint(ExchangeAddress address) throws IOException, InterruptedException {
    this.address = address;
    TransportConf conf = ExchangeSettings.transport(address.settings());
    this.context = new TransportContext(conf, new NoOpRpcHandler(), false, true);
    TransportClientFactory made = null;
    boolean connected = false;
    try {
      TransportClientBootstrap gate = (to, channel) -> FrameGate.ofClient().addTo(channel);
      made =
          context.createClientFactory(
              List.of(
                  gate,
                  new AuthClientBootstrap(conf, address.fit(), FitSecret.keys(address.secret()))));
      this.factory = made;
      this.client = made.createUnmanagedClient(address.host(), address.port());
      connected = true;
    } finally {
      if (!connected) {
        if (made != null) {
          made.close();
        }
        context.close();
      }
    }
  }

  /**
   * Connects and authenticates; may take as long as {@code
   * spark.fovea.io.connectionCreationTimeout} says.
   *
   * @throws ExchangeLostException if the server cannot be reached or does not accept the secret
   * @throws CancellationException if the calling thread was interrupted, which it still is
   */
  public static RemoteEndpoint connect(ExchangeAddress address) {
    try {
      return new RemoteEndpoint(address);
    } catch (InterruptedException e) {
      throw interrupted(address);
    } catch (IOException | RuntimeException e) {
      if (isInterrupt(e)) {
        throw interrupted(address);
      }
      throw new ExchangeLostException(
          "Exchange: expected to connect to the server at %s. Received: %s. Let executors reach this port; spark.fovea.exchange.port sets it."
              .formatted(address, firstLine(e)),
          e);
    }
  }

  @Override
  public void hello(Hello hello, Answer<Config> answer) {
    send(Requests.write(hello), new Response<>(Answers::readConfig, answer));
  }

  @Override
  public void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    send(Requests.write(request), new Response<>(Answers::readWeights, answer));
  }

  @Override
  public void gradient(GradientPart part, Answer<WeightsPart> answer) {
    FloatMemory reused = free.remove(part.bucket());
    FloatMemory memory = reused == null ? new FloatMemory() : reused;
    send(
        Requests.write(part, address.compression(), memory),
        new Response<>(
            message -> {
              free.put(part.bucket(), memory);
              return Answers.readWeights(message);
            },
            answer));
  }

  @Override
  public void evaluation(Evaluation evaluation, Answer<Position> answer) {
    send(Requests.write(evaluation), new Response<>(Answers::readPosition, answer));
  }

  /** Closes the connection, which tells the server. */
  @Override
  public void lost(Hello hello) {
    var unused = client.getChannel().close();
  }

  /** Ends the connection and the thread; what is waited for is refused. Safe to call twice. */
  @Override
  public void close() {
    var unused = client.getChannel().close();
    factory.close();
    context.close();
  }

  private void send(ByteBuffer message, RpcResponseCallback response) {
    long ignored = client.sendRpc(message, response);
  }

  /** The same for floats, which stay where they are until they are written. */
  private void send(FloatMessage message, RpcResponseCallback response) {
    long request = id.getAndIncrement();
    client.getHandler().addRpcRequest(request, response);
    var unused =
        client
            .getChannel()
            .writeAndFlush(FloatFrames.request(request, message))
            .addListener(
                (ChannelFuture written) -> {
                  if (!written.isSuccess()) {
                    client.removeRpcRequest(request);
                    var closing = written.channel().close();
                    response.onFailure(
                        new IOException("gradient not sent, " + written.cause(), written.cause()));
                  }
                });
  }

  /** While it authenticates, Spark wraps the interrupt of the thread that waits. */
  private static boolean isInterrupt(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private static CancellationException interrupted(ExchangeAddress address) {
    Thread.currentThread().interrupt();
    return new CancellationException("Exchange: interrupted while connecting to " + address + ".");
  }

  /** The first line of its message, to be put before a full stop. */
  private static String firstLine(Throwable failure) {
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  /** Reads what the driver sends back. */
  private final class Response<T> implements RpcResponseCallback {
    private final Function<ByteBuffer, T> read;
    private final Answer<T> answer;

    Response(Function<ByteBuffer, T> read, Answer<T> answer) {
      this.read = read;
      this.answer = answer;
    }

    @Override
    public void onSuccess(ByteBuffer message) {
      T read;
      try {
        if (MessageKind.of(message) == MessageKind.REFUSAL) {
          answer.refuse(Answers.readRefusal(message));
          return;
        }
        read = this.read.apply(message);
      } catch (IllegalArgumentException e) {
        answer.refuse(e);
        return;
      }
      answer.give(read);
    }

    @Override
    public void onFailure(Throwable cause) {
      answer.refuse(
          new ExchangeLostException(
              "Exchange: expected an answer of the server at %s. Received: %s."
                  .formatted(address, firstLine(cause)),
              cause));
    }
  }
}
