package dev.fovea.spark.transport;

import dev.fovea.core.exchange.wire.FloatMessage;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;

/**
 * Writes messages of floats in the frames that Spark's transport has for RPCs, with the floats read
 * where they are by the socket itself: Spark's encoder would want a message in one piece, which
 * costs a copy, and writes the head of a frame by itself. Ours goes out with the first floats.
 * Everything else passes.
 *
 * <p>The floats are read until the write is done, which it is when an answer has come: the peer has
 * read the whole frame then. Where Spark encrypts, its handlers come later and take these buffers
 * as they take any.
 */
final class FloatFrames extends ChannelOutboundHandlerAdapter {
  private record Frame(ByteBuffer head, ByteBuffer floats) {}

  /**
   * A request, to be written to a channel with this handler.
   *
   * @param id of the request; Spark's own are not negative
   */
  static Object request(long id, FloatMessage message) {
    return frame(FrameGate.RPC_REQUEST, id, message);
  }

  /** The answer to the request {@code id}, to be written to a channel with this handler. */
  static Object response(long id, FloatMessage message) {
    return frame(FrameGate.RPC_RESPONSE, id, message);
  }

  private static Frame frame(int type, long id, FloatMessage message) {
    ByteBuffer head =
        ByteBuffer.allocate(FrameGate.MESSAGE_AT + FloatMessage.HEAD_BYTES)
            .putLong((long) FrameGate.MESSAGE_AT + message.bytes())
            .put((byte) type)
            .putLong(id)
            .putInt(message.bytes())
            .put(message.head().duplicate())
            .flip();
    return new Frame(head, message.floats().slice());
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Object last = message;
    if (message instanceof Frame frame) {
      last = Unpooled.wrappedBuffer(frame.head());
      if (frame.floats().hasRemaining()) {
        var unused = context.write(last);
        last = Unpooled.wrappedBuffer(frame.floats());
      }
    }
    var unused = context.write(last, promise);
  }
}
