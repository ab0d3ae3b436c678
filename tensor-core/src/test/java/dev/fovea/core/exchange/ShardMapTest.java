package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardMapTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 63, 64})
  void evenMapsGiveEachRankItsPartGiveOrTakeOne(int ranks) {
    ShardMap map = ShardMap.even(ranks);

    assertThat(map.ranks()).isEqualTo(ranks);
    for (int rank = 0; rank < ranks; rank++) {
      assertThat(map.end(rank) - map.first(rank))
          .isBetween(ShardMap.SHARDS / ranks, ShardMap.SHARDS / ranks + 1);
      for (int shard = map.first(rank); shard < map.end(rank); shard++) {
        assertThat(map.rankOf(shard)).isEqualTo(rank);
      }
    }
  }

  @Test
  void aRankWithoutShardsOwnsNone() {
    ShardMap map = new ShardMap(List.of(0, 10, 10, 64));

    assertThat(map.rankOf(9)).isZero();
    assertThat(map.rankOf(10)).isEqualTo(2);
  }

  @Test
  void boundsThatLeaveShardsOutAreRefused() {
    assertThatThrownBy(() -> new ShardMap(List.of(0, 40, 30, 64)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "ShardMap: expected bounds from 0 to 64, not decreasing. Received: [0, 40, 30, 64].");
    assertThatThrownBy(() -> new ShardMap(List.of(0, 63)))
        .hasMessage("ShardMap: expected bounds from 0 to 64, not decreasing. Received: [0, 63].");
  }
}
