package dev.fovea.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepSumsTest {
  @Test
  void meansDivideByTheWeight() {
    StepSums sums = new StepSums(4, 6, 3).plus(new StepSums(4, 2, 1));
    assertThat(sums).isEqualTo(new StepSums(8, 8, 4));
    assertThat(sums.meanLoss()).isEqualTo(1);
    assertThat(sums.accuracy()).isEqualTo(0.5);
  }

  @Test
  void noRowsHaveNoMean() {
    assertThat(StepSums.ZERO.meanLoss()).isNaN();
    assertThat(StepSums.ZERO.accuracy()).isNaN();
  }
}
