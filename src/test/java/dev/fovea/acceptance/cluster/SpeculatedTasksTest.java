package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spark starts the task of a rank once more, where the rank is another, and ends the first. */
class SpeculatedTasksTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(2, 2);

  private static final int EPOCHS = 3;
  private static final int STEPS = EPOCHS * Fit.STEPS_PER_EPOCH;
  private static final Fit FIT = Fit.of("expected", Networks.PLAIN, EPOCHS);

  @Test
  void ranksOfExecutorsGoOnAsOthers() {
    CLUSTER.driver().session("local[2]", 0, Map.of());
    FinishedFit expected = CLUSTER.driver().train(FIT);
    Map<String, String> conf = DynamicExecutors.ofTwoCoresEach(2);
    conf.put("spark.speculation", "true");
    conf.put("spark.speculation.quantile", "0.5"); // tasks that hold slots end, ranks go on
    conf.put("spark.speculation.multiplier", "0.1");
    conf.put("spark.speculation.efficiency.enabled", "false");
    CLUSTER.driver().session(CLUSTER.cluster().url(), 2, conf);

    Fit fit = FIT.named("speculated").with("replicas", 4);
    CLUSTER.driver().beginUntil(fit, STEPS / 2);
    CLUSTER.driver().awaitStep(fit, STEPS / 2);
    Await.pause(Duration.ofSeconds(2));
    CLUSTER.driver().goOn(fit);

    FinishedFit finished = CLUSTER.driver().await(fit);
    assertThat(finished.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
    assertThat(finished.jobs()).as("replicas met, and tasks were speculated").isGreaterThan(2);
  }
}
