package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.RelayMap;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static final long SMALL = 1_000;
  private static final long ALEX_NET = 61_000_000;

  @Test
  void theDriverAddsAllWhereItIsToldTo() {
    assertThat(Topology.parse("driver").relays(64, ALEX_NET)).isEqualTo(RelayMap.none(64));
  }

  @Test
  void aTreeIsTakenFromFourReplicasOn() {
    assertThat(Topology.parse("tree").relays(4, SMALL)).isEqualTo(RelayMap.tree(4));
    assertThat(Topology.parse("tree").relays(3, ALEX_NET)).isEqualTo(RelayMap.none(3));
    assertThat(Topology.parse("tree").relays(1, ALEX_NET)).isEqualTo(RelayMap.none(1));
  }

  @Test
  void otherNamesAreRefused() {
    assertThatThrownBy(() -> Topology.parse("ring"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Topology: expected driver, tree or auto. Received: 'ring'.");
  }

  @Test
  void itselfItTakesATreeForMoreThan200MegabytesAStep() {
    Topology auto = Topology.parse(ClusterPlan.DEFAULT.topology());

    assertThat(auto.relays(8, ALEX_NET)).isEqualTo(RelayMap.tree(8));
    assertThat(auto.relays(3, ALEX_NET)).isEqualTo(RelayMap.none(3));
    assertThat(auto.relays(10, 5_000_000)).isEqualTo(RelayMap.none(10));
    assertThat(auto.relays(10, 5_000_001)).isEqualTo(RelayMap.tree(10));
  }
}
