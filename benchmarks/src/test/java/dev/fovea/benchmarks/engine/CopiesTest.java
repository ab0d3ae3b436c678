package dev.fovea.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Several processes at once; the engine is {@link FakeChild}, whose rate counts its calls. */
class CopiesTest {
  private static final double FIRST_CALL = 105; // after the 4 calls of the warm-up

  @Test
  void ratesOfThoseThatWorkAreAddedUp() throws Exception {
    try (Copies copies = new Copies(FakeChild.engine("works"), "any", 2)) {
      assertThat(copies.rowsPerSecond(1, 0.25)).isEqualTo(FIRST_CALL);
      assertThat(copies.rowsPerSecond(2, 0.25)).isEqualTo(FIRST_CALL + 1 + FIRST_CALL);
    }
  }

  @Test
  void aCopyThatCannotTrainIsSaid() {
    assertThatThrownBy(() -> new Copies(FakeChild.engine("refused"), "any", 2))
        .isInstanceOf(ChildException.class)
        .hasMessage("Fake (any, 1 threads): expected 'ready'. Received: failed cannot do this");
  }
}
