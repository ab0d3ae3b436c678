package dev.fovea.core.exchange.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.GradientPart;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestsTest {
  @Test
  void aHelloSurvives() {
    assertThat(Requests.readHello(Requests.write(WireMessages.HELLO)))
        .isEqualTo(WireMessages.HELLO);
  }

  @Test
  void aWeightsRequestSurvives() {
    assertThat(Requests.readWeightsRequest(Requests.write(WireMessages.WEIGHTS_REQUEST)))
        .isEqualTo(WireMessages.WEIGHTS_REQUEST);
  }

  @Test
  void anEvaluationSurvives() {
    assertThat(Requests.readEvaluation(Requests.write(WireMessages.EVALUATION)))
        .isEqualTo(WireMessages.EVALUATION);
  }

  @ParameterizedTest
  @EnumSource
  void aGradientSurvives(GradientCompression compression) {
    GradientPart part = WireMessages.gradient(1, -2.5f, 0, Float.POSITIVE_INFINITY);

    GradientPart read =
        Requests.readGradient(WireMessages.write(part, compression), new FloatMemory());

    assertThat(read).isEqualTo(part);
  }

  @ParameterizedTest
  @EnumSource
  void aGradientWithoutRowsHasNoFloats(GradientCompression compression) {
    GradientPart none = WireMessages.gradient();
    ByteBuffer message = WireMessages.write(none, compression);

    assertThat(message.remaining()).isEqualTo(64);
    assertThat(Requests.readGradient(message, new FloatMemory())).isEqualTo(none);
  }

  @ParameterizedTest
  @EnumSource
  void floatsThatAreReadAreAligned(GradientCompression compression) {
    ByteBuffer message = WireMessages.write(WireMessages.gradient(1, 2, 3), compression);

    ByteBuffer floats = Requests.readGradient(message, new FloatMemory()).floats();

    assertThat(floats.slice().alignmentOffset(0, 64)).isZero();
  }

  @Test
  void floatsAreReadWhereTheyAre() {
    ByteBuffer message = WireMessages.write(WireMessages.gradient(1, 2), GradientCompression.NONE);
    GradientPart part = Requests.readGradient(message, new FloatMemory());

    message.putFloat(64, 7);

    assertThat(part.floats().getFloat(part.floats().position())).isEqualTo(7);
  }

  @Test
  void floatsAreSentFromWhereTheyAre() {
    GradientPart part = WireMessages.gradient(1, 2);

    FloatMessage message = Requests.write(part, GradientCompression.NONE, new FloatMemory());

    assertThat(message.floats()).isSameAs(part.floats());
    assertThat(message.head().remaining()).isEqualTo(64);
    assertThat(message.bytes()).isEqualTo(72);
  }

  @Test
  void memoryOfCompressedFloatsIsUsedAgain() {
    FloatMemory memory = new FloatMemory();
    ByteBuffer large =
        WireMessages.write(WireMessages.gradient(1, 2, 3), GradientCompression.BFLOAT16);
    ByteBuffer small = WireMessages.write(WireMessages.gradient(4), GradientCompression.BFLOAT16);
    GradientPart first = Requests.readGradient(large, memory);

    GradientPart second = Requests.readGradient(small, memory);

    assertThat(second.floats()).isEqualTo(WireMessages.memory(4));
    assertThat(first.floats().getFloat(0)).isEqualTo(4);
  }

  @Test
  void aMessageMayStandAnywhereInItsBuffer() {
    ByteBuffer hello = Requests.write(WireMessages.HELLO);
    ByteBuffer inside = ByteBuffer.allocate(hello.remaining() + 9).position(5).put(hello);
    inside.flip().position(5);

    assertThat(Requests.readHello(inside)).isEqualTo(WireMessages.HELLO);
    assertThat(inside.position()).isEqualTo(5);
  }
}
