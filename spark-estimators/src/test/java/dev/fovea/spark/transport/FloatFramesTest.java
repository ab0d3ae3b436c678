package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.wire.Answers;
import dev.fovea.core.exchange.wire.FloatMessage;
import dev.fovea.core.tensor.AlignedMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.protocol.Message;
import org.apache.spark.network.protocol.MessageEncoder;
import org.apache.spark.network.protocol.RpcRequest;
import org.apache.spark.network.protocol.RpcResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatFramesTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000})
  void theBytesAreThoseOfSparksOwnEncoder(int floats) throws IOException {
    FloatMessage message = message(floats(floats));
    NioManagedBuffer joined =
        new NioManagedBuffer(
            ByteBuffer.allocate(message.bytes())
                .put(message.head().duplicate())
                .put(message.floats().duplicate())
                .flip());

    assertThat(written(FloatFrames.request(-5, message)))
        .isEqualTo(encoded(new RpcRequest(-5, joined)));
    assertThat(written(FloatFrames.response(7, message)))
        .isEqualTo(encoded(new RpcResponse(7, joined)));
  }

  @Test
  void floatsAreWrittenFromWhereTheyAre() {
    ByteBuffer floats = floats(3);
    EmbeddedChannel channel = new EmbeddedChannel(new FloatFrames());
    channel.writeOutbound(FloatFrames.request(1, message(floats)));
    floats.putFloat(4, 77);

    ByteBuf head = channel.readOutbound();
    ByteBuf written = channel.readOutbound();

    assertThat(head.readableBytes()).isEqualTo(FrameGate.MESSAGE_AT + FloatMessage.HEAD_BYTES);
    assertThat(written.nioBuffer().order(floats.order()).getFloat(4)).isEqualTo(77);
    assertThat(floats.position()).isZero();
  }

  @Test
  void whatIsNoMessageOfFloatsPasses() {
    EmbeddedChannel channel = new EmbeddedChannel(new FloatFrames());
    channel.writeOutbound("other");

    assertThat(channel.<String>readOutbound()).isEqualTo("other");
  }

  private static byte[] written(Object frame) {
    EmbeddedChannel channel = new EmbeddedChannel(new FloatFrames());
    channel.writeOutbound(frame);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
      byte[] read = new byte[piece.readableBytes()];
      piece.readBytes(read);
      bytes.writeBytes(read);
    }
    return bytes.toByteArray();
  }

  private static byte[] encoded(Message message) throws IOException {
    EmbeddedChannel channel = new EmbeddedChannel(MessageEncoder.INSTANCE);
    channel.writeOutbound(message);
    FileRegion region = channel.readOutbound();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (region.transferred() < region.count()) {
      assertThat(region.transferTo(Channels.newChannel(bytes), region.transferred())).isPositive();
    }
    return bytes.toByteArray();
  }

  private static FloatMessage message(ByteBuffer floats) {
    return Answers.write(new WeightsPart(Position.first(), 3, floats));
  }

  private static ByteBuffer floats(int count) {
    ByteBuffer floats = AlignedMemory.allocate((long) count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      floats.putFloat(i + 0.5f);
    }
    return floats.flip();
  }
}
