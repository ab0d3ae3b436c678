package dev.fovea.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
  @Test
  void integersHaveNoPoint() {
    assertThat(NumberText.print(1)).isEqualTo("1");
    assertThat(NumberText.print(-3)).isEqualTo("-3");
    assertThat(NumberText.print(0.5)).isEqualTo("0.5");
    assertThat(NumberText.print(1e300)).isEqualTo("1.0E300");
  }

  @Test
  void printedNumbersReadBackExactly() {
    Random random = new Random(42);
    for (int i = 0; i < 1000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        assertThat(NumberText.parseDouble(NumberText.print(number))).hasValue(number);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "0.5", ".5", "2.", "1e-05", "1E+5", "1.5e3"})
  void readsNumbersAsNativeDoes(String text) {
    assertThat(NumberText.parseDouble(text)).hasValue(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "+1", "1f", "0x10", "NaN", "Infinity", "1e999", " 1", "1 ", "e5", "1,5", "."})
  void refusesWhatIsNoFiniteNumber(String text) {
    assertThat(NumberText.parseDouble(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+1", "1.0", "2147483648", "99999999999999999999", "٣", "1 "})
  void refusesWhatIsNoInteger(String text) {
    assertThat(NumberText.parseInt(text)).isEmpty();
  }

  @Test
  void readsIntegersToTheirEnds() {
    assertThat(NumberText.parseInt("2147483647")).hasValue(Integer.MAX_VALUE);
    assertThat(NumberText.parseInt("-2147483648")).hasValue(Integer.MIN_VALUE);
  }
}
