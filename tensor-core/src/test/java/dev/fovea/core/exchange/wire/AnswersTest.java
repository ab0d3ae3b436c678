package dev.fovea.core.exchange.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.WeightsPart;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswersTest {
  @Test
  void aConfigSurvives() {
    assertThat(Answers.readConfig(Answers.write(WireMessages.CONFIG)))
        .isEqualTo(WireMessages.CONFIG);
  }

  @ParameterizedTest
  @EnumSource
  void aPositionSurvivesWithEveryDirective(Directive directive) {
    Position position = new Position(1, 2, 3, directive);

    assertThat(Answers.readPosition(Answers.write(position))).isEqualTo(position);
  }

  @Test
  void weightsSurviveAndStayWhereTheyAre() {
    WeightsPart part = WireMessages.weights(1, 2, 3);
    ByteBuffer message = WireMessages.write(part);

    WeightsPart read = Answers.readWeights(message);

    assertThat(read).isEqualTo(part);
    assertThat(read.floats().slice().alignmentOffset(0, 64)).isZero();
    assertThat(part.floats().remaining()).isEqualTo(12);
  }

  @Test
  void weightsOfAnEndedTrainingHaveNoFloats() {
    WeightsPart none = WireMessages.weights();

    assertThat(Answers.readWeights(WireMessages.write(none))).isEqualTo(none);
  }

  @Test
  void aRefusalKeepsItsTypeAndItsMessage() {
    assertThat(read(new IllegalArgumentException("a")))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("a");
    assertThat(read(new IllegalStateException("b")))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("b");
    assertThat(read(new ArithmeticException("c")))
        .isExactlyInstanceOf(RuntimeException.class)
        .hasMessage("java.lang.ArithmeticException: c");
  }

  private static RuntimeException read(RuntimeException refusal) {
    return Answers.readRefusal(Answers.write(refusal));
  }
}
