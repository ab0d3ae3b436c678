package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LostDriverTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(0);

  private static final int STEPS = 6 * Fit.STEPS_PER_EPOCH;

  @Test
  void aFitWhoseDriverIsKilledGoesOnFromItsCheckpoint() {
    Fit fit = Fit.of("undisturbed", Networks.PLAIN, 6);
    String checkpoints = CLUSTER.directory().resolve("checkpoints").toString();
    TrainingDriver first = CLUSTER.driver();
    session(first);
    FinishedFit undisturbed = first.train(fit).requireAllSteps(STEPS);

    Fit killed =
        fit.named("killed")
            .with("checkpointDir", checkpoints)
            .with("checkpointInterval", "2 steps");
    first.begin(killed);
    first.awaitStep(killed, STEPS / 2);
    first.close();
    TrainingDriver second = CLUSTER.startDriver("second-driver");
    session(second);
    FinishedFit resumed = second.train(fit.named("resumed").with("resumeFrom", checkpoints));

    assertThat(resumed.steps().get(0).step()).isBetween(STEPS / 2 - 4L, (long) STEPS);
    assertThat(resumed.distance(undisturbed)).isLessThan(1e-6);
    assertThat(resumed.loss()).isEqualTo(undisturbed.loss());
  }

  private static void session(TrainingDriver driver) {
    driver.session("local-cluster[2,1,1024]", 2, Map.of("spark.executor.memory", "1024m"));
  }
}
