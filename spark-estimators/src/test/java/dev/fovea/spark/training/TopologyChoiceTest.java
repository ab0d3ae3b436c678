package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.RelayMap;
import org.junit.jupiter.api.Test;

class TopologyChoiceTest {
  private final TopologyChoice choice = new TopologyChoice("tree", 100);

  @Test
  void twoTreesThatBreakBeforeAStepAreTheLast() {
    assertThat(choice.relays(4)).isEqualTo(RelayMap.tree(4));

    assertThat(choice.broken(0)).isFalse();
    assertThat(choice.relays(4)).isEqualTo(RelayMap.tree(4));
    assertThat(choice.broken(0)).isTrue();

    assertThat(choice.relays(4)).isEqualTo(RelayMap.none(4));
  }

  @Test
  void aTreeThatHasDoneAStepMayBreakAsOftenAsItLikes() {
    for (int group = 0; group < 5; group++) {
      assertThat(choice.broken(0)).isFalse();
      assertThat(choice.broken(1)).isFalse();
    }

    assertThat(choice.relays(4)).isEqualTo(RelayMap.tree(4));
  }
}
