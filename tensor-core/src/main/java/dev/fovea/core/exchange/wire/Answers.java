package dev.fovea.core.exchange.wire;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The messages of the driver: {@code write} gives bytes from position to limit, {@code read} takes
 * such and changes neither.
 */
public final class Answers {
  private static final int BUCKET_BYTES = Integer.BYTES + 2 * Long.BYTES;

  private Answers() {}

  public static ByteBuffer write(Config config) {
    WireOutput out = WireOutput.of(MessageKind.CONFIG, 0);
    return out.position(config.position())
        .text(config.networkText())
        .i64(config.seed())
        .i32(config.batchSize())
        .i32(config.shareUnit())
        .i64(config.bucketBytes())
        .list(config.buckets(), b -> out.i32(b.index()).i64(b.offset()).i64(b.count()))
        .list(config.rowsOfShards(), out::i64)
        .list(config.shards().bounds(), out::i32)
        .list(config.executors(), out::text)
        .list(config.relays(), out::text)
        .message();
  }

  public static Config readConfig(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.CONFIG, message);
    Position position = in.position();
    String networkText = in.text();
    long seed = in.i64();
    int batchSize = in.count32("batch size");
    int shareUnit = in.count32("share unit");
    long bucketBytes = in.count64("bucket size");
    List<Bucket> buckets =
        in.list(
            BUCKET_BYTES,
            () -> new Bucket(in.count32("bucket"), in.count64("offset"), in.count64("count")));
    List<Long> rowsOfShards = in.list(Long.BYTES, () -> in.count64("number of rows"));
    ShardMap shards = new ShardMap(in.list(Integer.BYTES, in::i32));
    List<String> executors = in.list(Integer.BYTES, in::text);
    List<String> relays = in.list(Integer.BYTES, in::text);
    in.end();
    return new Config(
        networkText,
        seed,
        batchSize,
        shareUnit,
        bucketBytes,
        buckets,
        rowsOfShards,
        shards,
        executors,
        relays,
        position);
  }

  public static ByteBuffer write(Position position) {
    return WireOutput.of(MessageKind.POSITION, 0).position(position).message();
  }

  public static Position readPosition(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.POSITION, message);
    Position position = in.position();
    in.end();
    return position;
  }

  /**
   * Writes the head; the floats stay where they are.
   *
   * @throws IllegalArgumentException if there are more floats than a message can have
   */
  public static FloatMessage write(WeightsPart part) {
    ByteBuffer head =
        WireOutput.head(MessageKind.WEIGHTS, 0)
            .i32(part.bucket())
            .position(part.position())
            .i32(part.floats().remaining() / Float.BYTES)
            .zerosToFloats()
            .message();
    return new FloatMessage(head, part.floats());
  }

  /** A part whose floats are those of the message: valid as long as it is. */
  public static WeightsPart readWeights(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.WEIGHTS, message);
    int bucket = in.count32("bucket");
    Position position = in.position();
    int floats = in.count32("number of floats");
    ByteBuffer payload = in.floats();
    in.expect(
        payload.remaining() == (long) floats * Float.BYTES,
        () -> "%d bytes for %d floats".formatted((long) floats * Float.BYTES, floats),
        payload.remaining());
    return new WeightsPart(position, bucket, payload);
  }

  /** Why a message was not accepted. */
  public static ByteBuffer write(RuntimeException refusal) {
    int variant =
        refusal instanceof IllegalArgumentException
            ? 1
            : refusal instanceof IllegalStateException ? 2 : 3;
    String text = variant < 3 ? String.valueOf(refusal.getMessage()) : refusal.toString();
    return WireOutput.of(MessageKind.REFUSAL, variant).text(text).message();
  }

  /** Such an exception with the same message; one of no known type is a RuntimeException. */
  public static RuntimeException readRefusal(ByteBuffer message) {
    WireInput in = new WireInput(MessageKind.REFUSAL, message);
    String text = in.text();
    in.end();
    return switch (in.variant()) {
      case 1 -> new IllegalArgumentException(text);
      case 2 -> new IllegalStateException(text);
      default -> new RuntimeException(text);
    };
  }
}
