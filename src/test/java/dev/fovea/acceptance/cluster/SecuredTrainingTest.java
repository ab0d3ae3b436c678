package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SecuredTrainingTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(0);

  @Test
  void sparksAuthenticationAndEncryptionCarryTheTraining() {
    Fit fit = Fit.of("local", Networks.PLAIN, 3);
    CLUSTER.driver().session("local[2]", 0, Map.of());
    FinishedFit expected = CLUSTER.driver().train(fit);

    CLUSTER
        .driver()
        .session(
            "local-cluster[2,1,1024]",
            2,
            Map.of(
                "spark.executor.memory", "1024m",
                "spark.authenticate", "true",
                "spark.authenticate.secret", "a secret of this test",
                "spark.network.crypto.enabled", "true"));
    FinishedFit secured = CLUSTER.driver().train(fit.named("secured"));

    assertThat(secured.requireAllSteps(3 * Fit.STEPS_PER_EPOCH).distance(expected))
        .isLessThan(1e-5);
  }
}
