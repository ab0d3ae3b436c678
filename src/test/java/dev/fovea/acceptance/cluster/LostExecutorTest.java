package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What befalls an executor costs time, not rows and not weights. */
class LostExecutorTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(2);

  private static final Fit FIT = Fit.of("undisturbed", Networks.PLAIN, 6);
  private static final int STEPS = 6 * Fit.STEPS_PER_EPOCH;
  private static final int MIDDLE = STEPS / 3;
  private static final int LATE = STEPS - Fit.STEPS_PER_EPOCH / 2;
  private static FinishedFit undisturbed;

  @BeforeAll
  static void trainUndisturbed() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 2, Map.of());
    undisturbed = CLUSTER.driver().train(FIT).requireAllSteps(STEPS);
  }

  @BeforeEach
  void waitForTheReplacementsOfThoseKilledBefore() {
    CLUSTER.awaitExecutors();
  }

  @Test
  void anExecutorKilledInMidStepCostsSecondsAndNothingElse() {
    Fit fit = FIT.named("killed");
    CLUSTER.driver().beginUntil(fit, LATE);
    CLUSTER.driver().awaitStep(fit, MIDDLE);

    CLUSTER.cluster().killExecutor();

    CLUSTER.driver().goOn(fit);
    FinishedFit finished = CLUSTER.driver().await(fit).requireAllSteps(STEPS);
    System.out.println("kill -9 of an executor: " + finished.longestGapMillis() + " ms to go on");
    assertThat(finished.distance(undisturbed)).isLessThan(1e-6);
    assertThat(finished.longestGapMillis()).isLessThan(8000);
  }

  @Test
  void theReplacementOfAKilledExecutorJoinsAtTheEndOfAnEpoch() {
    Fit fit = Fit.of("replaced", Networks.PLAIN, 100_000);
    CLUSTER.driver().begin(fit);
    CLUSTER.driver().awaitReplicas(fit, 2);

    CLUSTER.cluster().killExecutor();

    CLUSTER.driver().awaitReplicas(fit, 1);
    CLUSTER.driver().awaitReplicas(fit, 2);
    CLUSTER.driver().interrupt(fit);
    assertThat(CLUSTER.driver().awaitFailure(fit).error()).contains("interrupted");
  }

  @Test
  void allWaitForAnExecutorThatIsSlow() {
    Fit fit = FIT.named("slow");
    CLUSTER.driver().beginUntil(fit, LATE);
    CLUSTER.driver().awaitStep(fit, MIDDLE);

    Signals.stop(CLUSTER.cluster().executors().get(0));
    CLUSTER.driver().goOn(fit);
    Await.pause(Duration.ofMillis(1500));
    Signals.resume(CLUSTER.cluster().executors().get(0));

    FinishedFit finished = CLUSTER.driver().await(fit).requireAllSteps(STEPS);
    assertThat(finished.longestGapMillis()).isBetween(1000L, 8000L);
    assertThat(finished.weights()).isEqualTo(undisturbed.weights());
  }
}
