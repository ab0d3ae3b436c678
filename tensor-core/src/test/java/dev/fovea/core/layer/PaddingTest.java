package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaddingTest {
  @ParameterizedTest
  @CsvSource({
    "same,same",
    "valid,valid",
    "1,1",
    "'1,2','1,2'",
    "'2,2',2",
    "'0,1,0,1','0,1,0,1'",
    "'1,1,2,2','1,2'",
    "'3,3,3,3',3",
    "0,0"
  })
  void textIsTheShortestForm(String text, String shortest) {
    Padding padding = Padding.parse(text);
    assertThat(padding.text()).isEqualTo(shortest);
    assertThat(Padding.parse(padding.text())).isEqualTo(padding).hasSameHashCodeAs(padding);
  }

  @Test
  void numbersGoHeightWidthAndTopBottomLeftRight() {
    assertThat(Padding.of(2)).isEqualTo(Padding.parse("2"));
    assertThat(Padding.of(1, 2)).isEqualTo(Padding.of(1, 1, 2, 2));
    assertThat(Padding.of(0, 1, 2, 3)).hasToString("0,1,2,3");
    assertThat(Padding.parse("same")).isSameAs(Padding.SAME).isNotEqualTo(Padding.VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Same", "1,2,3", "1,2,3,4,5", "-1", "32768", "1,", "a"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> Padding.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected same, valid, or 1, 2 or 4 integers from 0 to 32767. Received: '%s'."
                .formatted(text));
  }

  @Test
  void theLayerThatTakesItChecksIt() {
    assertThatThrownBy(() -> new Conv2d(1, 3, 1, Padding.of(-1)))
        .hasMessage(
            "Conv2d: attribute 'padding': expected same, valid, or 1, 2 or 4 integers from 0 to"
                + " 32767. Received: '-1'.");
  }
}
