package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.wire.Answers;
import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SentWeightsTest {
  private final SentWeights sent = new SentWeights();

  @Test
  void onePartIsWrittenOnce() {
    WeightsPart part = part(1);

    ByteBuffer first = sent.message(part, "a");
    ByteBuffer second = sent.message(part, "b");

    assertThat(isSameMemory(first, second)).isTrue();
    assertThat(Answers.readWeights(second)).isEqualTo(part);
  }

  @Test
  void memoryIsUsedAgainWhenAllHaveGotIt() {
    WeightsPart part = part(1);
    ByteBuffer first = sent.message(part, "a");
    ByteBuffer same = sent.message(part, "b");
    sent.arrived(0, "a");

    ByteBuffer second = sent.message(part(2), "a");
    assertThat(isSameMemory(first, second)).isFalse();
    assertThat(Answers.readWeights(same)).isEqualTo(part);
    sent.gone("b");

    ByteBuffer third = sent.message(part(3), "a");
    assertThat(isSameMemory(first, third)).isTrue();
    assertThat(Answers.readWeights(third)).isEqualTo(part(3));
    assertThat(Answers.readWeights(second)).isEqualTo(part(2));
  }

  @Test
  void whoNeverAnswersCostsNoMemoryThatIsKept() {
    ByteBuffer[] messages = new ByteBuffer[4];
    for (int i = 0; i < messages.length; i++) {
      messages[i] = sent.message(part(i), "silent");
    }
    for (int i = 0; i < messages.length; i++) {
      assertThat(Answers.readWeights(messages[i])).isEqualTo(part(i));
    }
  }

  @Test
  void whatIsSentOnceTakesNoMemoryThatIsUsedAgain() {
    ByteBuffer asked = SentWeights.once(part(1));
    ByteBuffer first = sent.message(part(2), "a");
    sent.arrived(0, "a");

    assertThat(isSameMemory(first, sent.message(part(3), "a"))).isTrue();
    assertThat(Answers.readWeights(asked)).isEqualTo(part(1));
  }

  @Test
  void bucketsThatWereNeverSentMayArrive() {
    sent.arrived(Integer.MAX_VALUE, "a");

    assertThat(Answers.readWeights(sent.message(part(5), "a"))).isEqualTo(part(5));
  }

  private static boolean isSameMemory(ByteBuffer a, ByteBuffer b) {
    float before = a.getFloat(64);
    a.putFloat(64, before + 1);
    boolean same = b.getFloat(64) == a.getFloat(64);
    a.putFloat(64, before);
    return same;
  }

  private static WeightsPart part(float value) {
    ByteBuffer floats = AlignedMemory.allocate(8).putFloat(value).putFloat(-value).flip();
    return new WeightsPart(Position.first(), 0, floats);
  }
}
