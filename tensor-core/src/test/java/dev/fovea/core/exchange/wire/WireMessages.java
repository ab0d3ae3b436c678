package dev.fovea.core.exchange.wire;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.WeightsRequest;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One of each message, with a different number in every field, and how each is read. */
final class WireMessages {
  static final Hello HELLO =
      new Hello(
          "fit é",
          3,
          1,
          1L << 41,
          "executor-7",
          List.of(5L, 0L, 1L << 40),
          11,
          "avx2",
          "0.1",
          "host:7077");
  static final WeightsRequest WEIGHTS_REQUEST = new WeightsRequest(3, 1, 9);
  static final Evaluation EVALUATION =
      new Evaluation(3, 4, 1, new StepSums(10.5, -1e300, Double.NaN));
  static final Position POSITION = new Position(1L << 33, 5, 6, Directive.EVALUATE);
  static final Config CONFIG =
      new Config(
          "# fovea network 1\nimage Input shape=3\n",
          -42,
          128,
          2,
          1 << 20,
          List.of(new Bucket(0, 64, 16), new Bucket(1, 0, 64)),
          List.of(100L, 200L),
          ShardMap.even(2),
          List.of("a", "", "ä"),
          List.of("", "host:7077"),
          POSITION);

  private WireMessages() {}

  static GradientPart gradient(float... floats) {
    return new GradientPart(3, 77, 1, 9, new StepSums(1, 2, 3), 123_456_789L, memory(floats));
  }

  static WeightsPart weights(float... floats) {
    return new WeightsPart(POSITION, 9, memory(floats));
  }

  static ByteBuffer memory(float... floats) {
    ByteBuffer memory = AlignedMemory.allocate((long) floats.length * Float.BYTES);
    for (float value : floats) {
      memory.putFloat(value);
    }
    return memory.flip();
  }

  static ByteBuffer write(GradientPart part, GradientCompression compression) {
    return joined(Requests.write(part, compression, new FloatMemory()));
  }

  static ByteBuffer write(WeightsPart part) {
    return joined(Answers.write(part));
  }

  /** As it arrives: in one piece of aligned memory. */
  private static ByteBuffer joined(FloatMessage message) {
    return AlignedMemory.allocate(message.bytes())
        .put(message.head().duplicate())
        .put(message.floats().duplicate())
        .flip();
  }

  /** Bytes of one of each kind. */
  static Map<MessageKind, ByteBuffer> all() {
    Map<MessageKind, ByteBuffer> messages = new LinkedHashMap<>();
    messages.put(MessageKind.HELLO, Requests.write(HELLO));
    messages.put(MessageKind.WEIGHTS_REQUEST, Requests.write(WEIGHTS_REQUEST));
    messages.put(MessageKind.GRADIENT, write(gradient(1, 2, 3), GradientCompression.BFLOAT16));
    messages.put(MessageKind.EVALUATION, Requests.write(EVALUATION));
    messages.put(MessageKind.CONFIG, Answers.write(CONFIG));
    messages.put(MessageKind.WEIGHTS, write(weights(1, 2, 3)));
    messages.put(MessageKind.POSITION, Answers.write(POSITION));
    messages.put(MessageKind.REFUSAL, Answers.write(new IllegalStateException("no")));
    return messages;
  }

  static Object read(MessageKind kind, ByteBuffer message) {
    return switch (kind) {
      case HELLO -> Requests.readHello(message);
      case WEIGHTS_REQUEST -> Requests.readWeightsRequest(message);
      case GRADIENT -> Requests.readGradient(message, new FloatMemory());
      case EVALUATION -> Requests.readEvaluation(message);
      case CONFIG -> Answers.readConfig(message);
      case WEIGHTS -> Answers.readWeights(message);
      case POSITION -> Answers.readPosition(message);
      case REFUSAL -> Answers.readRefusal(message);
    };
  }
}
