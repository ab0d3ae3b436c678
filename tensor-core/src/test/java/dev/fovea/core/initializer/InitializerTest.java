package dev.fovea.core.initializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InitializerTest {
  @Test
  void textIsTheName() {
    assertThat(new He().text()).isEqualTo("He");
    assertThat(Initializer.parse("Xavier")).isEqualTo(new Xavier());
    assertThat(Initializer.parse("He")).isEqualTo(new He());
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> Initializer.parse("he"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one of He, Xavier. Received: 'he'.");
  }
}
