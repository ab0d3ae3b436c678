package dev.fovea.core.exchange.wire;

import dev.fovea.core.exchange.Position;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Writes the fields of one message into a buffer on the heap. */
final class WireOutput {
  static final int VERSION = 1;

  /** Where floats start in a message: one cache line. */
  static final int FLOATS_AT = 64;

  private static final int SMALL = 256;

  private ByteBuffer dst;

  private WireOutput(int bytes) {
    this.dst = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A message of unknown size. */
  static WireOutput of(MessageKind kind, int variant) {
    return new WireOutput(SMALL).first(kind, variant);
  }

  /** What stands before the floats of a message. */
  static WireOutput head(MessageKind kind, int variant) {
    return new WireOutput(FLOATS_AT).first(kind, variant);
  }

  private WireOutput first(MessageKind kind, int variant) {
    dst.put((byte) VERSION).put((byte) kind.code()).put((byte) variant).put((byte) 0);
    return this;
  }

  WireOutput i32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  WireOutput i64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  WireOutput sums(StepSums sums) {
    room(3 * Double.BYTES)
        .putDouble(sums.weight())
        .putDouble(sums.loss())
        .putDouble(sums.correct());
    return this;
  }

  WireOutput position(Position position) {
    return i64(position.step())
        .i64(position.epoch())
        .i32(position.stepOfEpoch())
        .i32(WireInput.codeOf(position.directive()));
  }

  WireOutput text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    i32(bytes.length);
    room(bytes.length).put(bytes);
    return this;
  }

  <T> WireOutput list(List<T> elements, Consumer<T> write) {
    i32(elements.size());
    elements.forEach(write);
    return this;
  }

  /** Zeros up to where floats start. */
  WireOutput zerosToFloats() {
    dst.position(FLOATS_AT);
    return this;
  }

  /** What was written. */
  ByteBuffer message() {
    return dst.flip();
  }

  private ByteBuffer room(int bytes) {
    if (dst.remaining() < bytes) {
      int capacity = Math.max(2 * dst.capacity(), dst.position() + bytes);
      dst = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(dst.flip());
    }
    return dst;
  }
}
