package dev.fovea.core.exchange.wire;

import java.nio.ByteBuffer;

/**
 * A message in two pieces, so that its floats can be sent from where they are: the message is the
 * bytes of the head and, directly after them, those of the floats, each from position to limit.
 *
 * @param head {@link #HEAD_BYTES} bytes
 * @param floats native order, or compressed; an alias, to be read only
 */
public record FloatMessage(ByteBuffer head, ByteBuffer floats) {
  /** Where floats start in a message. */
  public static final int HEAD_BYTES = WireOutput.FLOATS_AT;

  /**
   * Takes the pieces.
   *
   * @throws IllegalArgumentException if there are more bytes than a message can have
   */
  public FloatMessage {
    if (floats.remaining() > Integer.MAX_VALUE - HEAD_BYTES) {
      throw new IllegalArgumentException(
          "Message: expected at most %d bytes of floats. Received: %d."
              .formatted(Integer.MAX_VALUE - HEAD_BYTES, floats.remaining()));
    }
  }

  /** Bytes of both pieces. */
  public int bytes() {
    return head.remaining() + floats.remaining();
  }
}
