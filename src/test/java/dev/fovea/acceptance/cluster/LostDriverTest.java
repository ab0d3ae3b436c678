package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LostDriverTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(0);

  private static final int STEPS = 6 * Fit.STEPS_PER_EPOCH;

  @Test
  void aFitWhoseDriverIsKilledGoesOnFromItsCheckpoint() throws IOException {
    Fit fit = Fit.of("undisturbed", Networks.PLAIN, 6);
    Path checkpoints = CLUSTER.directory().resolve("checkpoints");
    TrainingDriver first = CLUSTER.driver();
    session(first);
    FinishedFit undisturbed = first.train(fit).requireAllSteps(STEPS);

    Fit killed =
        fit.named("killed")
            .with("checkpointDir", checkpoints.toString())
            .with("checkpointInterval", "2 steps");
    first.beginUntil(killed, STEPS - Fit.STEPS_PER_EPOCH / 2); // It is killed before it ends.
    first.awaitStep(killed, STEPS / 2);
    first.close();
    long newest = newest(checkpoints);
    TrainingDriver second = CLUSTER.startDriver("second-driver");
    session(second);
    FinishedFit resumed =
        second.train(fit.named("resumed").with("resumeFrom", checkpoints.toString()));

    assertThat(newest).isBetween(2L, (long) STEPS);
    assertThat(resumed.steps().get(0).step()).isEqualTo(newest + 1);
    assertThat(resumed.distance(undisturbed)).isLessThan(1e-6);
    assertThat(resumed.loss()).isEqualTo(undisturbed.loss());
  }

  /** Steps that were done at the newest whole checkpoint. */
  private static long newest(Path checkpoints) throws IOException {
    try (Stream<Path> all = Files.walk(checkpoints, 2)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .mapToLong(name -> Long.parseLong(name.substring("step-".length())))
          .max()
          .orElse(0);
    }
  }

  private static void session(TrainingDriver driver) {
    driver.session("local-cluster[2,1,1024]", 2, Map.of("spark.executor.memory", "1024m"));
  }
}
