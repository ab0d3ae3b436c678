package dev.fovea.spark.transport;

import dev.fovea.core.tensor.AlignedMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before Spark's frame decoder and lets whole frames through, each in one piece of direct
 * memory with the message aligned to 64 bytes: the decoder then copies nothing, and native reads
 * the floats where they are. The memory is used again for the next frame.
 *
 * <p>Where nothing decrypts before it, the socket is read into that memory directly, but for the
 * first bytes of a frame. The rest is copied there.
 *
 * <p>Refuses a frame that is larger than allowed, or of another type, when it has seen its first
 * bytes; the peer is not listened to any more, and its connection is closed. Belongs to one
 * channel, whose thread calls it.
 */
final class FrameGate extends ChannelInboundHandlerAdapter {
  /** Types of Spark's messages, the byte after the length of a frame. */
  static final int RPC_REQUEST = 3;

  static final int RPC_RESPONSE = 4;

  /** What no message but gradients and weights is larger than. */
  static final long SMALL = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(ExchangeServer.class);

  /** A frame is its own length in 8 bytes, a type, 8 bytes of id, 4 of length, and the message. */
  static final int MESSAGE_AT = 8 + 1 + 8 + 4;

  /** What is read of a frame before its memory is known; smaller messages come in one read. */
  private static final int FIRST_READ = 4 << 10;

  private static final int HEAD_BYTES = Long.BYTES + 1;
  private static final int FRAME_AT =
      AlignedMemory.ALIGNMENT - MESSAGE_AT % AlignedMemory.ALIGNMENT;

  private final int onlyType;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
  private volatile long limit;
  private boolean closed;
  private ByteBuffer memory = AlignedMemory.allocate(0);
  private ByteBuf lent = Unpooled.EMPTY_BUFFER; // what downstream has of the memory
  private ByteBuffer frame; // null between frames
  private ByteBuf straight; // the rest of the frame, where it is lent to the socket; else null
  private long passing; // id of the frame that is handled downstream

  private FrameGate(int onlyType, long limit) {
    this.onlyType = onlyType;
    this.limit = limit;
  }

  /**
   * Requests of a peer that is not trusted, of at most {@link #SMALL} bytes until {@link #admit}.
   */
  static FrameGate ofServer() {
    return new FrameGate(RPC_REQUEST, SMALL);
  }

  /** Whatever the driver sends. */
  static FrameGate ofClient() {
    return new FrameGate(-1, Integer.MAX_VALUE - 2 * AlignedMemory.ALIGNMENT);
  }

  /** Stands first in a channel from now on, with {@link FloatFrames}; before any message. */
  void addTo(Channel channel) {
    channel
        .pipeline()
        .addFirst("foveaGate", this)
        .addAfter("foveaGate", "foveaFloats", new FloatFrames());
  }

  /** From now on lets frames of so many bytes through. Any thread. */
  void admit(long bytes) {
    limit = bytes;
  }

  /** Id of the request or the answer that is being handled now. The channel's thread. */
  long passing() {
    return passing;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ChannelConfig config = context.channel().config();
    RecvByteBufAllocator usual = config.getRecvByteBufAllocator();
    config.setRecvByteBufAllocator(() -> new FrameReads(usual.newHandle(), context));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf src = (ByteBuf) message;
    try {
      if (src == straight) {
        frame.position(frame.position() + src.readableBytes());
        src.skipBytes(src.readableBytes());
        passWhole(context);
      }
      while (src.isReadable() && !closed) {
        if (frame == null) {
          readHead(context, src);
        } else {
          readFrame(context, src);
        }
      }
    } finally {
      src.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    closed = true;
    super.channelInactive(context);
  }

  private void readHead(ChannelHandlerContext context, ByteBuf src) {
    fill(head, src);
    if (head.hasRemaining()) {
      return;
    }
    long bytes = head.getLong(0);
    int type = head.get(Long.BYTES);
    if (bytes < MESSAGE_AT || bytes > limit) {
      refuse(context, "frames of %d to %d bytes".formatted(MESSAGE_AT, limit), bytes);
    } else if (onlyType >= 0 && type != onlyType) {
      refuse(context, "frames of type " + onlyType, type);
    } else {
      frame = take((int) bytes).put(head.flip());
    }
    head.clear();
  }

  private void readFrame(ChannelHandlerContext context, ByteBuf src) {
    fill(frame, src);
    passWhole(context);
  }

  private void passWhole(ChannelHandlerContext context) {
    if (!frame.hasRemaining()) {
      passing = frame.getLong(HEAD_BYTES);
      lent = Unpooled.wrappedBuffer(frame.flip());
      frame = null;
      context.fireChannelRead(lent);
    }
  }

  private static void fill(ByteBuffer dst, ByteBuf src) {
    int bytes = Math.min(dst.remaining(), src.readableBytes());
    src.readBytes(dst.duplicate().limit(dst.position() + bytes));
    dst.position(dst.position() + bytes);
  }

  private ByteBuffer take(int bytes) {
    if (lent.refCnt() > 0 || memory.capacity() < FRAME_AT + bytes) {
      memory = AlignedMemory.allocate((long) FRAME_AT + bytes);
    }
    return memory.slice(FRAME_AT, bytes);
  }

  private void refuse(ChannelHandlerContext context, String expected, long received) {
    closed = true;
    LOG.warn(
        "Exchange: expected {}. Received: {} from {}, whose connection is closed.",
        expected,
        received,
        context.channel().remoteAddress());
    var unused = context.close();
  }

  /** Where the channel reads to. */
  @SuppressWarnings("deprecation") // Netty's own channels want the extended handle still.
  private final class FrameReads extends RecvByteBufAllocator.DelegatingHandle
      implements RecvByteBufAllocator.ExtendedHandle {
    private final ChannelHandlerContext context;

    FrameReads(RecvByteBufAllocator.Handle usual, ChannelHandlerContext context) {
      super(usual);
      this.context = context;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      straight = null;
      if (context.pipeline().firstContext() != context) {
        return super.allocate(allocator); // What is read goes elsewhere first.
      }
      if (frame == null) {
        return allocator.ioBuffer(FIRST_READ);
      }
      straight = Unpooled.wrappedBuffer(frame.slice()).clear();
      return straight;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return delegate() instanceof RecvByteBufAllocator.ExtendedHandle extended
          ? extended.continueReading(maybeMore)
          : delegate().continueReading();
    }
  }
}
