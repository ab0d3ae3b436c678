package dev.fovea.core.exchange.wire;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads the fields of one message; what is not there is an IllegalArgumentException. */
final class WireInput {
  private static final int HEAD_BYTES = 4;

  private final MessageKind kind;
  private final int variant;
  private final ByteBuffer src;

  /**
   * Reads the head.
   *
   * @param message from position to limit; neither changes
   */
  WireInput(MessageKind kind, ByteBuffer message) {
    if (MessageKind.of(message) != kind) {
      throw new IllegalArgumentException(
          "Message: expected a %s. Received: a %s.".formatted(kind, MessageKind.of(message)));
    }
    this.kind = kind;
    this.src = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.variant = src.get(2);
    expect(src.get(3) == 0, () -> "0 as byte 3", src.get(3));
    src.position(HEAD_BYTES);
  }

  static void requireHead(ByteBuffer message) {
    if (message.remaining() < HEAD_BYTES) {
      throw new IllegalArgumentException(
          "Message: expected at least %d bytes. Received: %d."
              .formatted(HEAD_BYTES, message.remaining()));
    }
  }

  int variant() {
    return variant;
  }

  int i32() {
    require(Integer.BYTES);
    return src.getInt();
  }

  long i64() {
    require(Long.BYTES);
    return src.getLong();
  }

  /** A number that is an index or a count. */
  int count32(String name) {
    int count = i32();
    expect(count >= 0, () -> "a " + name + " of at least 0", count);
    return count;
  }

  /** A number that is an index or a count. */
  long count64(String name) {
    long count = i64();
    expect(count >= 0, () -> "a " + name + " of at least 0", count);
    return count;
  }

  StepSums sums() {
    require(3 * Double.BYTES);
    return new StepSums(src.getDouble(), src.getDouble(), src.getDouble());
  }

  Position position() {
    return new Position(
        count64("step"), count64("epoch"), count32("step of the epoch"), directive());
  }

  String text() {
    int bytes = count32("length");
    require(bytes);
    ByteBuffer utf8 = src.slice(src.position(), bytes);
    src.position(src.position() + bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "%s: expected text in UTF-8. Received: %s.".formatted(kind, e.getMessage()), e);
    }
  }

  /**
   * @param leastBytes of one element, so that a wrong length allocates nothing
   */
  <T> List<T> list(int leastBytes, Supplier<T> read) {
    int length = count32("length");
    expect(
        length <= src.remaining() / leastBytes,
        () -> "a list of at most " + src.remaining() / leastBytes,
        length);
    List<T> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      list.add(read.get());
    }
    return list;
  }

  /** What is left of the message, from where its floats start; an alias. */
  ByteBuffer floats() {
    while (src.position() < WireOutput.FLOATS_AT) {
      require(1);
      byte zero = src.get();
      expect(zero == 0, () -> "0 before the floats", zero);
    }
    return src.slice().order(ByteOrder.nativeOrder());
  }

  /** No byte is left. */
  void end() {
    expect(!src.hasRemaining(), () -> "no more bytes", src.remaining());
  }

  /**
   * @param expected made where it does not hold only: messages come by the thousand
   */
  void expect(boolean holds, Supplier<String> expected, Object received) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: expected %s. Received: %s.".formatted(kind, expected.get(), received));
    }
  }

  static int codeOf(Directive directive) {
    return switch (directive) {
      case AWAIT -> 0;
      case STEP -> 1;
      case EVALUATE -> 2;
      case STOP -> 3;
    };
  }

  private Directive directive() {
    int code = i32();
    for (Directive directive : Directive.values()) {
      if (codeOf(directive) == code) {
        return directive;
      }
    }
    throw new IllegalArgumentException(
        "%s: expected a directive 0 to 3. Received: %d.".formatted(kind, code));
  }

  private void require(int bytes) {
    expect(src.remaining() >= bytes, () -> bytes + " more bytes", src.remaining());
  }
}
