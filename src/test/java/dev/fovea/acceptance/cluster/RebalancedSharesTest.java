package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.spark.training.ReplicaSeconds;
import dev.fovea.spark.training.TrainingEpoch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who computes more rows is a matter of time, not of what is learnt. */
class RebalancedSharesTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(2);

  private static final int EPOCHS = 5;
  private static final Fit FIT = Fit.of("undisturbed", Networks.COMPUTE, EPOCHS);

  @Test
  void aSlowExecutorGivesRowsToAFastOne() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 2, Map.of());
    FinishedFit undisturbed = CLUSTER.driver().train(FIT);
    ProcessHandle slow = CLUSTER.cluster().executors().get(0);
    String executor = StandaloneCluster.idOf(slow);

    FinishedFit rebalanced;
    try (SlowedProcess unused = SlowedProcess.of(slow)) {
      rebalanced = CLUSTER.driver().train(FIT.named("rebalanced").with("rebalance", true));
    }

    List<TrainingEpoch> epochs = rebalanced.history().epochs();
    epochs.forEach(
        epoch ->
            System.out.printf(
                "epoch %d: %.2f s, %.0f %% of the rows on the slow executor%n",
                epoch.epoch(), epoch.seconds(), 100 * share(epoch, executor)));
    TrainingEpoch first = epochs.get(0);
    TrainingEpoch last = epochs.get(EPOCHS - 1);
    assertThat(share(first, executor)).isBetween(0.4, 0.6);
    assertThat(share(last, executor)).isBetween(0.05, 0.4);
    assertThat(last.seconds()).isLessThan(0.9 * first.seconds());
    assertThat(first.rebalanced())
        .startsWith("shares by speed: executor ")
        .contains("executor " + executor + " ", " shards instead of 32 (");
    assertThat(rebalanced.requireAllSteps(EPOCHS * Fit.STEPS_PER_EPOCH).distance(undisturbed))
        .isLessThan(1e-5);
  }

  private static double share(TrainingEpoch epoch, String executor) {
    return epoch.replicas().stream()
            .filter(replica -> replica.executor().equals(executor))
            .mapToLong(ReplicaSeconds::rows)
            .sum()
        / (double) epoch.rows();
  }
}
