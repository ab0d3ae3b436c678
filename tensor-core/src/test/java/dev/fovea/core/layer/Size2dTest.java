package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Size2dTest {
  @Test
  void aSquareIsOneNumber() {
    assertThat(Size2d.of(3).text()).isEqualTo("3");
    assertThat(new Size2d(3, 5).text()).isEqualTo("3,5");
  }

  @Test
  void textReadsBack() {
    assertThat(Size2d.parse("3")).isEqualTo(Size2d.of(3));
    assertThat(Size2d.parse("3,3")).isEqualTo(Size2d.of(3));
    assertThat(Size2d.parse("3,5")).isEqualTo(new Size2d(3, 5));
  }
}
