package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.wire.GradientCompression;
import dev.fovea.spark.checkpoint.CheckpointInterval;
import dev.fovea.spark.checkpoint.CheckpointPlan;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  private static final CheckpointPlan CHECKPOINTS =
      new CheckpointPlan("kept", CheckpointInterval.parse("5 steps"), 2, "before");
  private static final ClusterPlan CLUSTER =
      new ClusterPlan(4, 1, 5_000, GradientCompression.BFLOAT16, "tree", true);

  @Test
  void aPlanHasNoCheckpointsAndTakesEveryExecutorUntilToldOtherwise() {
    TrainingPlan plan = TinyData.plan(8, 2);
    assertThat(plan.checkpoints()).isEqualTo(CheckpointPlan.NONE);
    assertThat(plan.cluster()).isEqualTo(ClusterPlan.DEFAULT);

    TrainingPlan other = plan.with(CHECKPOINTS).with(CLUSTER);
    assertThat(other.checkpoints()).isEqualTo(CHECKPOINTS);
    assertThat(other.cluster()).isEqualTo(CLUSTER);
    assertThat(other.with(CheckpointPlan.NONE).with(ClusterPlan.DEFAULT)).isEqualTo(plan);
  }

  @Test
  void settingsAreThoseThatACheckpointMustHave() {
    assertThat(TinyData.plan(8, 2).settings().batchSize()).isEqualTo(8);
    assertThat(TinyData.plan(8, 2).settings().seed()).isEqualTo(42);
    assertThat(TinyData.plan(8, 2).settings().optimizer())
        .isEqualTo("Sgd momentum=0.9 nesterov=false");
  }
}
