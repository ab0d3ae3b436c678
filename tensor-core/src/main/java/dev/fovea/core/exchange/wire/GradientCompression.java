package dev.fovea.core.exchange.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How the floats of a gradient travel. Known by name in settings and by code in messages. */
public enum GradientCompression {
  /** As they are: float32. */
  NONE("none", 1, Float.BYTES) {
    @Override
    ByteBuffer encode(ByteBuffer floats, FloatMemory memory) {
      return floats;
    }

    @Override
    ByteBuffer decode(ByteBuffer payload, FloatMemory memory) {
      return payload;
    }
  },

  /** Rounded to 8 significant bits: half the bytes. */
  BFLOAT16("bfloat16", 2, Short.BYTES) {
    @Override
    ByteBuffer encode(ByteBuffer floats, FloatMemory memory) {
      ByteBuffer payload = memory.take(floats.remaining() / 2);
      Bfloat16.encode(floats, payload);
      return payload.flip();
    }

    @Override
    ByteBuffer decode(ByteBuffer payload, FloatMemory memory) {
      ByteBuffer floats = memory.take(2L * payload.remaining());
      Bfloat16.decode(payload, floats);
      return floats.flip();
    }
  };

  private final String text;
  private final int code;
  private final int bytesEach;

  GradientCompression(String text, int code, int bytesEach) {
    this.text = text;
    this.code = code;
    this.bytesEach = bytesEach;
  }

  /** The name in settings. */
  public String text() {
    return text;
  }

  /**
   * Reads {@link #text()}.
   *
   * @param where what the message begins with
   * @throws IllegalArgumentException for an unknown name
   */
  public static GradientCompression parse(String text, String where) {
    return Arrays.stream(values())
        .filter(each -> each.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: expected one of %s. Received: '%s'."
                        .formatted(
                            where,
                            Arrays.stream(values())
                                .map(GradientCompression::text)
                                .collect(Collectors.joining(", ")),
                            text)));
  }

  static GradientCompression of(int code) {
    return Arrays.stream(values())
        .filter(each -> each.code == code)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "GradientPart: expected a known compression. Received: %d.".formatted(code)));
  }

  int code() {
    return code;
  }

  /** Bytes that so many floats travel in. */
  public long bytes(long floats) {
    return floats * bytesEach;
  }

  /**
   * The payload of floats, from position to limit: the floats themselves, or written to {@code
   * memory}.
   *
   * @param floats native order, from position to limit, which stay
   */
  abstract ByteBuffer encode(ByteBuffer floats, FloatMemory memory);

  /**
   * The floats of a payload, native order, from position to limit: the payload itself, or written
   * to {@code memory}.
   */
  abstract ByteBuffer decode(ByteBuffer payload, FloatMemory memory);
}
