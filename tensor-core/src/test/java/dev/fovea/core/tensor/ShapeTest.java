package dev.fovea.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @Test
  void sizeIsTheProduct() {
    assertThat(Shape.of(28, 28, 1).size()).isEqualTo(784);
    assertThat(Shape.of(65536, 65536, 4).size()).isEqualTo(1L << 34);
    assertThat(Shape.of().size()).isEqualTo(1);
  }

  @Test
  void dimensionsCountFromTheOutermost() {
    Shape shape = Shape.of(2, 3, 4);
    assertThat(shape.rank()).isEqualTo(3);
    assertThat(shape.size(0)).isEqualTo(2);
    assertThat(shape.size(2)).isEqualTo(4);
  }

  @Test
  void textReadsBack() {
    Shape shape = Shape.of(28, 28, 1);
    assertThat(shape.text()).isEqualTo("28,28,1");
    assertThat(Shape.parse("28,28,1")).isEqualTo(shape).hasSameHashCodeAs(shape);
    assertThat(Shape.parse("10")).isEqualTo(Shape.of(10)).isNotEqualTo(Shape.of(10, 1));
    assertThat(shape).hasToString("[28, 28, 1]");
  }

  @Test
  void arraysAreCopied() {
    int[] sizes = {2, 3};
    Shape shape = Shape.of(sizes);
    sizes[0] = 9;
    shape.toArray()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void sizesArePositive() {
    assertThatThrownBy(() -> Shape.of(28, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Shape: expected sizes > 0. Received: 28,0,1.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "a", "2,", ",2", "2;3", "-1", "2, 3", "3000000000"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> Shape.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected integers > 0, separated by commas. Received: " + text + ".");
  }

  @Test
  void emptyTextIsRefused() {
    assertThatThrownBy(() -> Shape.parse(""))
        .hasMessage("expected integers > 0, separated by commas. Received: nothing.");
  }
}
