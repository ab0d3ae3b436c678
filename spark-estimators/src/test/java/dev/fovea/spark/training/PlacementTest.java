package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.ShardMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
  @Test
  void aPartitionIsARankWhereverItRuns() {
    Placement even = Placement.even(3);

    assertThat(even.ranks()).isEqualTo(3);
    assertThat(even.isByExecutor()).isFalse();
    assertThat(even.rank(2, "7")).isEqualTo(2);
  }

  @Test
  void anExecutorIsARankWhateverThePartition() {
    Placement placement = new Placement(new ShardMap(List.of(0, 48, 64)), List.of("7", "12"));

    assertThat(placement.isByExecutor()).isTrue();
    assertThat(placement.rank(0, "12")).isEqualTo(1);
    assertThat(placement.rank(1, "7")).isEqualTo(0);
    assertThat(placement.rank(1, "8")).isEqualTo(Placement.NO_RANK);
    assertThat(placement.tasks()).isEqualTo(2);
    assertThat(placement.withTasks(5).tasks()).isEqualTo(5);
    assertThat(placement.withTasks(1).tasks()).as("one for each rank").isEqualTo(2);
    assertThat(placement.withTasks(500).tasks()).isEqualTo(ShardMap.SHARDS);
  }
}
