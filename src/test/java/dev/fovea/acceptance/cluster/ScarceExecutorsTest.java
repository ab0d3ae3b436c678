package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Training begins with the executors that are there, and takes in those that come. */
class ScarceExecutorsTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(2);

  private static final Fit FIT = Fit.of("expected", Networks.PLAIN, 3);
  private static final int STEPS = 3 * Fit.STEPS_PER_EPOCH;
  private static FinishedFit expected;

  @BeforeAll
  static void trainOnALocalMaster() {
    CLUSTER.driver().session("local[2]", 0, Map.of());
    expected = CLUSTER.driver().train(FIT);
  }

  @Test
  void moreReplicasThanSlotsAreNotWaitedForLongerThanTheTimeout() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 2, Map.of());

    FinishedFit fit =
        CLUSTER
            .driver()
            .train(FIT.named("three on two").with("replicas", 3).with("rendezvousTimeout", 5));

    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
  }

  @Test
  void dynamicAllocationBringsExecutorsAsTheyAreNeeded() {
    CLUSTER
        .driver()
        .session(
            CLUSTER.cluster().url(),
            1,
            Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.initialExecutors", "1",
                "spark.dynamicAllocation.minExecutors", "1",
                "spark.dynamicAllocation.maxExecutors", "2"));

    FinishedFit fit = CLUSTER.driver().train(FIT.named("dynamic").with("rendezvousTimeout", 20));

    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
  }
}
