package dev.fovea.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GradientSumTest {
  @Test
  void startsAsTheSumOverNoRows() {
    GradientSum sum = GradientSum.allocate(2);
    assertThat(sum.count()).isEqualTo(2);
    assertThat(sum.toArray()).containsExactly(0, 0);
    assertThat(sum.sums()).isEqualTo(StepSums.ZERO);
  }

  @Test
  void addsGradientsAndSums() {
    GradientSum sum = sum(new StepSums(2, 3, 1), 1, -2, 0.5f);
    sum.add(sum(new StepSums(1.5, 1, 1), 10, 20, 30));
    assertThat(sum.toArray()).containsExactly(11, 18, 30.5f);
    assertThat(sum.weightSum()).isEqualTo(3.5);
    assertThat(sum.lossSum()).isEqualTo(4);
    assertThat(sum.correctSum()).isEqualTo(2);
  }

  @Test
  void addingLeavesTheOtherAsItWas() {
    GradientSum other = sum(new StepSums(1, 1, 1), 5);
    sum(StepSums.ZERO, 1).add(other);
    assertThat(other.toArray()).containsExactly(5);
    assertThat(other.sums()).isEqualTo(new StepSums(1, 1, 1));
  }

  @Test
  void clearingForgetsAll() {
    GradientSum sum = GradientSum.allocate(40_000);
    for (int i = 0; i < 40_000; i++) {
      sum.floats().put(i, 1);
    }
    sum.add(new StepSums(1, 2, 3));
    sum.clear();
    assertThat(sum.toArray()).containsOnly(0);
    assertThat(sum.sums()).isEqualTo(StepSums.ZERO);
  }

  @Test
  void addingAnotherCountIsRefused() {
    assertThatThrownBy(() -> GradientSum.allocate(2).add(GradientSum.allocate(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GradientSum: expected 2 floats. Received: 3.");
  }

  private static GradientSum sum(StepSums sums, float... gradient) {
    GradientSum sum = GradientSum.allocate(gradient.length);
    sum.floats().put(gradient);
    sum.add(sums);
    return sum;
  }
}
