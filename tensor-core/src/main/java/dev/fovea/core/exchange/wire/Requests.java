package dev.fovea.core.exchange.wire;

import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.WeightsRequest;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The messages of a rank: {@code write} gives bytes from position to limit, {@code read} takes such
 * and changes neither.
 */
public final class Requests {
  private Requests() {}

  public static ByteBuffer write(Hello hello) {
    WireOutput out = WireOutput.of(MessageKind.HELLO, 0);
    return out.i32(hello.group())
        .i32(hello.rank())
        .i64(hello.attempt())
        .text(hello.fit())
        .text(hello.executor())
        .text(hello.cpu())
        .text(hello.libraryVersion())
        .text(hello.relay())
        .i64(hello.validationRows())
        .list(hello.rowsOfShards(), out::i64)
        .message();
  }

  public static Hello readHello(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.HELLO, message);
    int group = in.count32("group");
    int rank = in.count32("rank");
    long attempt = in.count64("attempt");
    String fit = in.text();
    String executor = in.text();
    String cpu = in.text();
    String libraryVersion = in.text();
    String relay = in.text();
    long validationRows = in.count64("number of rows");
    List<Long> rowsOfShards = in.list(Long.BYTES, () -> in.count64("number of rows"));
    in.end();
    return new Hello(
        fit,
        group,
        rank,
        attempt,
        executor,
        rowsOfShards,
        validationRows,
        cpu,
        libraryVersion,
        relay);
  }

  public static ByteBuffer write(WeightsRequest request) {
    return WireOutput.of(MessageKind.WEIGHTS_REQUEST, 0)
        .i32(request.group())
        .i32(request.rank())
        .i32(request.bucket())
        .message();
  }

  public static WeightsRequest readWeightsRequest(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.WEIGHTS_REQUEST, message);
    int group = in.count32("group");
    WeightsRequest request = new WeightsRequest(group, in.count32("rank"), in.count32("bucket"));
    in.end();
    return request;
  }

  public static ByteBuffer write(Evaluation evaluation) {
    return WireOutput.of(MessageKind.EVALUATION, 0)
        .i32(evaluation.group())
        .i32(evaluation.rank())
        .i64(evaluation.epoch())
        .sums(evaluation.sums())
        .message();
  }

  public static Evaluation readEvaluation(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.EVALUATION, message);
    int group = in.count32("group");
    int rank = in.count32("rank");
    long epoch = in.count64("epoch");
    StepSums sums = in.sums();
    in.end();
    return new Evaluation(group, epoch, rank, sums);
  }

  /**
   * Writes the head and compresses the floats.
   *
   * @param memory what compressed floats are written to; those that travel as they are stay where
   *     they are
   * @throws IllegalArgumentException if there are more floats than a message can have
   */
  public static FloatMessage write(
      GradientPart part, GradientCompression compression, FloatMemory memory) {
    ByteBuffer head =
        WireOutput.head(MessageKind.GRADIENT, compression.code())
            .i32(part.group())
            .i32(part.rank())
            .i32(part.bucket())
            .i64(part.step())
            .sums(part.sums())
            .i64(part.computeNanos())
            .i32(part.floats().remaining() / Float.BYTES)
            .zerosToFloats()
            .message();
    return new FloatMessage(head, compression.encode(part.floats(), memory));
  }

  /**
   * @param memory what compressed floats are expanded in
   * @return a part whose floats are those of the message or in {@code memory}: valid until either
   *     changes
   */
  public static GradientPart readGradient(ByteBuffer message, FloatMemory memory) {
    WireInput in = new WireInput(MessageKind.GRADIENT, message);
    int group = in.count32("group");
    int rank = in.count32("rank");
    int bucket = in.count32("bucket");
    long step = in.count64("step");
    StepSums sums = in.sums();
    long computeNanos = in.i64();
    int floats = in.count32("number of floats");
    int zero = in.i32();
    in.expect(zero == 0, () -> "0 before the floats", zero);
    GradientCompression compression = GradientCompression.of(in.variant());
    ByteBuffer payload = in.floats();
    long expected = compression.bytes(floats);
    in.expect(
        payload.remaining() == expected,
        () -> "%d bytes for %d floats".formatted(expected, floats),
        payload.remaining());
    return new GradientPart(
        group, step, rank, bucket, sums, computeNanos, compression.decode(payload, memory));
  }
}
