package dev.fovea.core.exchange.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientCompressionTest {
  @ParameterizedTest
  @EnumSource
  void itsTextNamesIt(GradientCompression compression) {
    assertThat(GradientCompression.parse(compression.text(), "Setting")).isSameAs(compression);
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatThrownBy(() -> GradientCompression.parse("float8", "Setting"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Setting: expected one of none, bfloat16. Received: 'float8'.");
  }

  @Test
  void float32KeepsEveryBit() {
    assertThat(roundTrip(GradientCompression.NONE, 0x7fa0_0001)).isEqualTo(0x7fa0_0001);
  }

  @Test
  void bfloat16IsTheNearestAndEvenOnATie() {
    Random random = new Random(3);
    for (int draw = 0; draw < 3_000; draw++) {
      int bits = random.nextInt();
      int[] ties = {bits, bits & 0xffff_0000 | 0x8000, bits & 0xffff_0000 | 0x7fff};
      for (int each : ties) {
        if (!Float.isNaN(Float.intBitsToFloat(each))) {
          assertThat(roundTrip(GradientCompression.BFLOAT16, each))
              .as("%08x", each)
              .isEqualTo(nearest(each));
        }
      }
    }
  }

  @Test
  void bfloat16KeepsWhatIsNotFinite() {
    int infinity = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    assertThat(roundTrip(GradientCompression.BFLOAT16, infinity)).isEqualTo(infinity);
    assertThat(roundTrip(GradientCompression.BFLOAT16, infinity | 1 << 31))
        .isEqualTo(infinity | 1 << 31);
    for (int nan : new int[] {0x7f80_0001, 0x7fff_ffff, 0x7fc0_0000, 0xffff_ffff, 0xff80_0001}) {
      int read = roundTrip(GradientCompression.BFLOAT16, nan);
      assertThat(Float.intBitsToFloat(read)).isNaN();
      assertThat(read >>> 31).isEqualTo(nan >>> 31);
    }
  }

  @Test
  void manyFloatsComeInTheirOrder() {
    int count = 5001; // more than two blocks, and not whole ones
    ByteBuffer floats = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      floats.putFloat(i % 256);
    }
    floats.flip();
    ByteBuffer payload = GradientCompression.BFLOAT16.encode(floats, new FloatMemory());

    ByteBuffer read = GradientCompression.BFLOAT16.decode(payload, new FloatMemory());

    assertThat(read).isEqualTo(floats);
    assertThat(floats.position()).isZero();
  }

  private static int roundTrip(GradientCompression compression, int bits) {
    ByteBuffer floats = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.nativeOrder());
    floats.putInt(0, bits);
    ByteBuffer payload = compression.encode(floats, new FloatMemory());
    assertThat(payload.remaining()).isEqualTo(compression.bytes(1));
    return compression
        .decode(payload, new FloatMemory())
        .slice()
        .order(ByteOrder.nativeOrder())
        .getInt(0);
  }

  /** The slow twin: compares exact distances to the two bfloat16 around a float. */
  private static int nearest(int bits) {
    if (!Float.isFinite(Float.intBitsToFloat(bits))) {
      return bits;
    }
    int below = bits & 0xffff_0000; // nearer to zero
    int above = below + 0x1_0000; // may be infinite, which stands for 2^128
    BigDecimal value = exact(bits);
    int order = value.subtract(exact(below)).abs().compareTo(exact(above).subtract(value).abs());
    boolean belowIsEven = (below & 0x1_0000) == 0;
    return order < 0 || (order == 0 && belowIsEven) ? below : above;
  }

  private static BigDecimal exact(int bits) {
    float value = Float.intBitsToFloat(bits);
    return Float.isInfinite(value)
        ? BigDecimal.valueOf(2).pow(128).multiply(BigDecimal.valueOf(Math.signum(value)))
        : new BigDecimal(value);
  }
}
