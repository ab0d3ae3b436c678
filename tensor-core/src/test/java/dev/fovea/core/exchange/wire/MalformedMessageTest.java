package dev.fovea.core.exchange.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever comes in, it is a whole message or an IllegalArgumentException in the house's form. */
class MalformedMessageTest {
  private static final int DRAWS = 3_000;

  @ParameterizedTest
  @EnumSource
  void everyTruncationIsRefused(MessageKind kind) {
    ByteBuffer message = WireMessages.all().get(kind);

    for (int bytes = 0; bytes < message.remaining(); bytes++) {
      ByteBuffer truncated = message.duplicate().limit(bytes);
      assertThatThrownBy(() -> WireMessages.read(kind, truncated))
          .as("%d bytes", bytes)
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("(?s).+: expected .+\\. Received: .+\\.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneByteTooManyIsRefused(MessageKind kind) {
    ByteBuffer message = WireMessages.all().get(kind);
    ByteBuffer longer = ByteBuffer.allocate(message.remaining() + 1).put(message).rewind();

    assertThatThrownBy(() -> WireMessages.read(kind, longer))
        .isExactlyInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void changedBytesAreReadOrRefused(MessageKind kind) {
    byte[] message = bytes(WireMessages.all().get(kind));
    Random random = new Random(1);
    int refused = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      byte[] changed = message.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        changed[random.nextInt(changed.length)] =
            (byte) (random.nextBoolean() ? random.nextInt() : random.nextBoolean() ? -1 : 127);
      }
      refused += isRefused(kind, changed) ? 1 : 0;
    }
    assertThat(refused).isBetween(DRAWS / 20, DRAWS - 1);
  }

  @ParameterizedTest
  @EnumSource
  void randomBytesAfterAnyHeadAreReadOrRefused(MessageKind kind) {
    Random random = new Random(2);
    byte[] head = bytes(WireMessages.all().get(kind));
    int refused = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      System.arraycopy(head, 0, bytes, 0, Math.min(4, bytes.length));
      refused += isRefused(kind, bytes) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(DRAWS / 2);
  }

  @Test
  void aHugeListIsRefusedBeforeItIsMade() {
    ByteBuffer hello = Requests.write(WireMessages.HELLO).order(ByteOrder.LITTLE_ENDIAN);
    hello.putInt(hello.limit() - 3 * Long.BYTES - Integer.BYTES, Integer.MAX_VALUE);

    assertThatThrownBy(() -> Requests.readHello(hello))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Hello: expected a list of at most 3. Received: 2147483647.");
  }

  @Test
  void aHugeNumberOfFloatsIsRefusedBeforeTheyAreMade() {
    ByteBuffer message =
        WireMessages.write(WireMessages.gradient(1, 2, 3), GradientCompression.BFLOAT16)
            .order(ByteOrder.LITTLE_ENDIAN);
    message.putInt(56, Integer.MAX_VALUE);

    assertThatThrownBy(() -> Requests.readGradient(message, new FloatMemory()))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("GradientPart: expected 4294967294 bytes for 2147483647 floats. Received: 6.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | 2  | Message: expected version 1. Received: 2. Give every executor the same jar.
          1 | 99 | Message: expected a known kind. Received: 99.
          1 | 2  | Message: expected a Hello. Received: a WeightsRequest.
          3 | 1  | Hello: expected 0 as byte 3. Received: 1.
          7 | -1 | Hello: expected a group of at least 0. Received: -16777213.
          11| -1 | Hello: expected a rank of at least 0. Received: -16777215.
          24| -1 | Hello: expected text in UTF-8. Received: Input length = 1.
          """)
  void aWrongByteIsNamed(int at, byte value, String message) {
    ByteBuffer hello = Requests.write(WireMessages.HELLO).put(at, value);

    assertThatThrownBy(() -> Requests.readHello(hello))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void otherWrongNumbersAreNamed() {
    ByteBuffer gradient = WireMessages.write(WireMessages.gradient(1), GradientCompression.NONE);
    assertThatThrownBy(
            () -> Requests.readGradient(gradient.duplicate().put(2, (byte) 9), new FloatMemory()))
        .hasMessage("GradientPart: expected a known compression. Received: 9.");
    ByteBuffer position = Answers.write(WireMessages.POSITION).put(24, (byte) 4);
    assertThatThrownBy(() -> Answers.readPosition(position))
        .hasMessage("Position: expected a directive 0 to 3. Received: 4.");
    ByteBuffer weights = WireMessages.write(WireMessages.weights(1)).put(40, (byte) 5);
    assertThatThrownBy(() -> Answers.readWeights(weights))
        .hasMessage("WeightsPart: expected 0 before the floats. Received: 5.");
  }

  private static boolean isRefused(MessageKind kind, byte[] bytes) {
    try {
      assertThat(WireMessages.read(kind, ByteBuffer.wrap(bytes))).isNotNull();
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static byte[] bytes(ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    return bytes;
  }
}
