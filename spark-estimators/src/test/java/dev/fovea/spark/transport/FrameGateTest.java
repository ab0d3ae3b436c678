package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGateTest {
  private static final int MESSAGE_AT = 21;

  private final FrameGate gate = FrameGate.ofServer();
  private final EmbeddedChannel channel = new EmbeddedChannel(gate);

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 1000, 5000})
  void framesComeWholeHoweverTheyArrive(int pieces) {
    int[] sizes = {21, 300, 64 << 10};
    ByteBuf frames = Unpooled.buffer();
    for (int size : sizes) {
      frames.writeBytes(frame(size));
    }
    int seen = 0;
    while (frames.isReadable()) {
      ByteBuf piece = frames.readBytes(Math.min(pieces, frames.readableBytes()));
      channel.writeInbound(piece);
      assertThat(piece.refCnt()).isZero();
      for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
        assertThat(frame).isEqualTo(Unpooled.wrappedBuffer(frame(sizes[seen++])));
        frame.release();
      }
    }
    assertThat(seen).isEqualTo(sizes.length);
  }

  @Test
  void messagesAreAlignedInDirectMemory() {
    channel.writeInbound(Unpooled.wrappedBuffer(frame(1000)));
    ByteBuf frame = channel.readInbound();

    ByteBuffer message = frame.nioBuffer(MESSAGE_AT, 1000 - MESSAGE_AT);

    assertThat(message.isDirect()).isTrue();
    assertThat(message.alignmentOffset(0, 64)).isZero();
  }

  @Test
  void memoryIsUsedAgainOnlyWhenItIsFree() {
    channel.writeInbound(Unpooled.wrappedBuffer(frame(1000)));
    ByteBuf first = channel.readInbound();
    channel.writeInbound(Unpooled.wrappedBuffer(frame(500)));
    ByteBuf second = channel.readInbound();
    assertThat(first).isEqualTo(Unpooled.wrappedBuffer(frame(1000)));
    long address = second.memoryAddress();
    second.release();

    channel.writeInbound(Unpooled.wrappedBuffer(frame(400)));

    ByteBuf third = channel.readInbound();
    assertThat(third.memoryAddress()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 5000, 100_000})
  void theSocketIsReadIntoTheFrameItself(int pieces) {
    gate.admit(1 << 20);
    ByteBuf frames = Unpooled.buffer().writeBytes(frame(200_000)).writeBytes(frame(300_000));
    var reads = channel.config().getRecvByteBufAllocator().newHandle();
    int inPlace = 0;
    int seen = 0;
    while (frames.isReadable()) {
      ByteBuf dst = reads.allocate(channel.alloc());
      int bytes = Math.min(Math.min(pieces, dst.writableBytes()), frames.readableBytes());
      inPlace += dst.maxCapacity() == dst.capacity() ? bytes : 0;
      channel.writeInbound(dst.writeBytes(frames, bytes));
      assertThat(dst.refCnt()).isZero();
      for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
        int size = seen++ == 0 ? 200_000 : 300_000;
        assertThat(frame).isEqualTo(Unpooled.wrappedBuffer(frame(size)));
        frame.release();
      }
    }
    assertThat(seen).isEqualTo(2);
    assertThat(inPlace).isGreaterThanOrEqualTo(500_000 - 2 * 4096);
  }

  @Test
  void whatIsDecryptedFirstIsNotReadIntoTheFrame() {
    channel.pipeline().addFirst(new ChannelInboundHandlerAdapter());
    gate.admit(1 << 20);
    channel.writeInbound(Unpooled.wrappedBuffer(frame(200_000), 0, 1000));

    ByteBuf dst = channel.config().getRecvByteBufAllocator().newHandle().allocate(channel.alloc());

    assertThat(dst.capacity()).isNotEqualTo(200_000 - 1000);
    dst.release();
  }

  @Test
  void itSaysWhichRequestIsHandled() {
    List<Long> handled = new ArrayList<>();
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object frame) {
                handled.add(gate.passing());
                ((ByteBuf) frame).release();
              }
            });

    channel.writeInbound(Unpooled.wrappedBuffer(requestOf(7), requestOf(-8)));

    assertThat(handled).containsExactly(7L, -8L);
  }

  @Test
  void theLimitCountsTheWholeFrame() {
    channel.writeInbound(Unpooled.wrappedBuffer(frame(64 << 10)));
    assertThat(channel.isOpen()).isTrue();

    channel.writeInbound(Unpooled.wrappedBuffer(frame((64 << 10) + 1)));

    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.inboundMessages()).hasSize(1);
  }

  @Test
  void whoIsAdmittedMaySendMore() {
    gate.admit(100_000);
    channel.writeInbound(Unpooled.wrappedBuffer(frame(100_000)));
    assertThat(channel.inboundMessages()).hasSize(1);

    channel.writeInbound(Unpooled.wrappedBuffer(frame(100_001)));

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void afterARefusalNothingIsHeard() {
    channel.writeInbound(Unpooled.wrappedBuffer(frame(20), frame(300)));

    assertThat(channel.inboundMessages()).isEmpty();
  }

  private static byte[] requestOf(long id) {
    return ByteBuffer.wrap(frame(100)).putLong(Long.BYTES + 1, id).array();
  }

  private static byte[] frame(int bytes) {
    ByteBuffer frame = ByteBuffer.allocate(bytes).putLong(bytes).put((byte) FrameGate.RPC_REQUEST);
    for (int at = Long.BYTES + 1; at < bytes; at++) {
      frame.put(at, (byte) (at * 31));
    }
    return frame.array();
  }
}
