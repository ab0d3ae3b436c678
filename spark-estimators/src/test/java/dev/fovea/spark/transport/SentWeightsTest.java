package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SentWeightsTest {
  private final SentWeights sent = SentWeights.ofRelay();

  @Test
  void weightsOfTheDriverAreSentFromWhereTheyAre() {
    WeightsPart part = part(1);

    assertThat(SentWeights.ofDriver().floats(part, "a")).isSameAs(part.floats());
  }

  @Test
  void onePartIsCopiedOnce() {
    WeightsPart part = part(1);

    ByteBuffer first = sent.floats(part, "a");
    ByteBuffer second = sent.floats(part, "b");

    assertThat(isSameMemory(first, second)).isTrue();
    assertThat(isSameMemory(first, part.floats())).isFalse();
    assertThat(second).isEqualTo(part.floats());
  }

  @Test
  void memoryIsUsedAgainWhenAllHaveGotIt() {
    WeightsPart part = part(1);
    ByteBuffer first = sent.floats(part, "a");
    ByteBuffer same = sent.floats(part, "b");
    sent.arrived(0, "a");

    ByteBuffer second = sent.floats(part(2), "a");
    assertThat(isSameMemory(first, second)).isFalse();
    assertThat(same).isEqualTo(part.floats());
    sent.gone("b");

    ByteBuffer third = sent.floats(part(3), "a");
    assertThat(isSameMemory(first, third)).isTrue();
    assertThat(third).isEqualTo(part(3).floats());
    assertThat(second).isEqualTo(part(2).floats());
  }

  @Test
  void whoNeverAnswersCostsNoMemoryThatIsKept() {
    ByteBuffer[] copies = new ByteBuffer[4];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = sent.floats(part(i), "silent");
    }
    for (int i = 0; i < copies.length; i++) {
      assertThat(copies[i]).isEqualTo(part(i).floats());
    }
    sent.gone("silent");

    for (int i = 0; i < copies.length; i++) {
      ByteBuffer next = sent.floats(part(10 + i), "silent again");
      for (int j = 0; j < copies.length; j++) {
        assertThat(isSameMemory(next, copies[j])).isEqualTo(i == j && i < 2);
      }
    }
  }

  @Test
  void anEndedTrainingHasNothingToCopy() {
    WeightsPart none = new WeightsPart(Position.first(), 0, ByteBuffer.allocate(0));

    assertThat(sent.floats(none, "a").remaining()).isZero();
  }

  @Test
  void bucketsThatWereNeverSentMayArrive() {
    sent.arrived(Integer.MAX_VALUE, "a");

    assertThat(sent.floats(part(5), "a")).isEqualTo(part(5).floats());
  }

  private static boolean isSameMemory(ByteBuffer a, ByteBuffer b) {
    float before = a.getFloat(0);
    a.putFloat(0, 1234.5f);
    boolean same = b.getFloat(0) == 1234.5f;
    a.putFloat(0, before);
    return same;
  }

  private static WeightsPart part(float value) {
    ByteBuffer floats = AlignedMemory.allocate(8).putFloat(value).putFloat(-value).flip();
    return new WeightsPart(Position.first(), 0, floats);
  }
}
