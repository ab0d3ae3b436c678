package dev.fovea.spark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassDecisionTest {
  private static final double[] UNREAD = {};

  @Test
  void probabilitiesAddUpToOne() {
    double[] values = {1, 2, 3};
    ClassDecision.softmax(values);
    assertThat(Arrays.stream(values).sum()).isCloseTo(1, within(1e-15));
    assertThat(values[2] / values[1]).isCloseTo(Math.E, within(1e-12));
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    double[] values = {1e30, -1e30, 1e30};
    ClassDecision.softmax(values);
    assertThat(values).containsExactly(0.5, 0, 0.5);
  }

  @Test
  void withoutThresholdsTheLargestLogitWinsAndTiesGoToTheLowestClass() {
    ClassDecision decision = new ClassDecision(null);
    assertThat(decision.predict(new double[] {0, 4, 4}, UNREAD)).isEqualTo(1);
  }

  @Test
  void thresholdsScaleTheProbabilities() {
    ClassDecision decision = new ClassDecision(new double[] {0.9, 0.1});
    assertThat(decision.predict(UNREAD, new double[] {0.8, 0.2})).isEqualTo(1);
  }

  @Test
  void aThresholdOfZeroWinsWithAnyProbabilityButZero() {
    ClassDecision last = new ClassDecision(new double[] {0.5, 0});
    assertThat(last.predict(UNREAD, new double[] {1, Double.MIN_VALUE})).isEqualTo(1);
    assertThat(last.predict(UNREAD, new double[] {1, 0})).isZero();

    ClassDecision first = new ClassDecision(new double[] {0, 0.5});
    assertThat(first.predict(UNREAD, new double[] {Double.MIN_VALUE, 1})).isZero();
    assertThat(first.predict(UNREAD, new double[] {0, 1})).isEqualTo(1);
  }
}
