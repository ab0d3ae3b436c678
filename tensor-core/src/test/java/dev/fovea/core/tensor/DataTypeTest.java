package dev.fovea.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataTypeTest {
  @ParameterizedTest
  @EnumSource
  void textReadsBack(DataType type) {
    assertThat(DataType.parse(type.text())).isEqualTo(type);
    assertThat(type).hasToString(type.text());
  }

  @Test
  void sizesAreThoseOfOneElement() {
    assertThat(DataType.UINT8.bytes()).isEqualTo(1);
    assertThat(DataType.FLOAT32.bytes()).isEqualTo(4);
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> DataType.parse("FLOAT32"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one of float32, uint8. Received: 'FLOAT32'.");
  }
}
