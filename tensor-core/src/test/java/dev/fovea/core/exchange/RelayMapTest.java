package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayMapTest {
  @ParameterizedTest
  @CsvSource({"4, 2", "5, 2", "7, 3", "16, 4", "20, 4", "64, 8"})
  void aTreeHasAsManyRelaysAsRanksInEach(int ranks, int relays) {
    RelayMap map = RelayMap.tree(ranks);

    assertThat(map.count()).isEqualTo(relays);
    assertThat(map.ranks()).isEqualTo(ranks);
    assertThat(map.isTree()).isTrue();
    for (int relay = 0; relay < relays; relay++) {
      assertThat(map.members(relay)).hasSizeBetween(ranks / relays, (ranks - 1) / relays + 1);
      assertThat(map.members(relay).get(0)).isEqualTo(map.leader(relay));
    }
  }

  @Test
  void everyRankBelongsToTheRelayThatHasIt() {
    RelayMap map = new RelayMap(List.of(0, 3, 4, 6));

    assertThat(map.leaders()).containsExactly(0, 3, 4);
    assertThat(map.members(2)).containsExactly(4, 5);
    for (int rank = 0; rank < 6; rank++) {
      assertThat(map.members(map.relayOf(rank))).contains(rank);
    }
  }

  @Test
  void whereEachRankSpeaksForItselfThereIsNoTree() {
    RelayMap map = RelayMap.none(3);

    assertThat(map.isTree()).isFalse();
    assertThat(map.leaders()).containsExactly(0, 1, 2);
  }

  @Test
  void boundsThatLeaveRelaysEmptyAreRefused() {
    assertThatThrownBy(() -> new RelayMap(List.of(0, 2, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "RelayMap: expected bounds from 0 to the number of ranks, increasing. Received: [0, 2, 2].");
  }
}
