package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.spark.training.ReplicaSeconds;
import java.util.List;
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
    CLUSTER.driver().session(CLUSTER.cluster().url(), 1, DynamicExecutors.between(1, 2));

    FinishedFit fit = CLUSTER.driver().train(FIT.named("dynamic").with("replicas", 2));

    assertThat(executors(fit)).containsExactlyInAnyOrder("0", "1");
    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
  }

  @Test
  void theExecutorThatTheFirstReplicaBringsIsNoReasonForAnotherGroup() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 0, DynamicExecutors.between(0, 1));

    FinishedFit fit = CLUSTER.driver().train(FIT.named("from none"));

    assertThat(executors(fit)).containsExactly("0");
    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
    assertThat(fit.jobs()).isEqualTo(1);
  }

  @Test
  void replicasThatMeetOnAnExecutorBecomeOne() {
    sessionOfTwoCoresEach(1);

    FinishedFit fit = CLUSTER.driver().train(FIT.named("two on one").with("replicas", 2));

    assertThat(executors(fit)).containsExactly("0");
    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
  }

  @Test
  void eachExecutorHasOneOfTheReplicasThatMet() {
    sessionOfTwoCoresEach(2);

    FinishedFit fit = CLUSTER.driver().train(FIT.named("four on two").with("replicas", 4));

    assertThat(executors(fit)).containsExactlyInAnyOrder("0", "1");
    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
  }

  /** Executors that Spark sends two tasks to: with dynamic allocation they cannot be kept apart. */
  private static void sessionOfTwoCoresEach(int executors) {
    CLUSTER
        .driver()
        .session(
            "local-cluster[" + executors + ",2,1024]",
            executors,
            DynamicExecutors.ofTwoCoresEach(executors));
  }

  /** Where the replicas of the last epoch were. */
  private static List<String> executors(FinishedFit fit) {
    return fit.history().epochs().get(2).replicas().stream().map(ReplicaSeconds::executor).toList();
  }
}
