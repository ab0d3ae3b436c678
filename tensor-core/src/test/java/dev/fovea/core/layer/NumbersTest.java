package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void textReadsBack() {
    Numbers numbers = Numbers.of(0.485, 0.456, 1);
    assertThat(numbers.text()).isEqualTo("0.485,0.456,1");
    assertThat(Numbers.parse(numbers.text())).isEqualTo(numbers).hasSameHashCodeAs(numbers);
    assertThat(Numbers.parse("0.5")).hasToString("0.5").isNotEqualTo(numbers);
  }

  @Test
  void arraysAreCopied() {
    double[] values = {1, 2};
    Numbers numbers = Numbers.of(values);
    values[0] = 9;
    numbers.toArray()[1] = 9;
    assertThat(numbers).isEqualTo(Numbers.of(1, 2));
  }

  @Test
  void noNumbersAreRefusedByTheLayerThatTakesThem() {
    assertThatThrownBy(() -> Numbers.parse(Numbers.of().text()))
        .hasMessage("expected finite numbers, separated by commas. Received: nothing.");
  }
}
