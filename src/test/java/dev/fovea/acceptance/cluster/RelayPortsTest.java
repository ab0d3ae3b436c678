package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Leaders that find no port to listen on end trees, not the training. */
class RelayPortsTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(0);

  private static final Fit FIT = Fit.of("expected", Networks.PLAIN, 2);
  private static final int STEPS = 2 * Fit.STEPS_PER_EPOCH;

  /** The executors are on the machine of the driver, which has the only port that may be tried. */
  @Test
  void theTrainingGoesOnWithoutRelays() throws IOException {
    CLUSTER.driver().session("local[2]", 0, Map.of());
    FinishedFit expected = CLUSTER.driver().train(FIT);
    CLUSTER
        .driver()
        .session(
            "local-cluster[4,1,600]",
            4,
            Map.of(
                "spark.fovea.exchange.port", Integer.toString(freePort()),
                "spark.driver.bindAddress", "0.0.0.0",
                "spark.port.maxRetries", "0"));

    FinishedFit fit =
        CLUSTER
            .driver()
            .train(
                FIT.named("tree")
                    .with("replicas", 4)
                    .with("topology", "tree")
                    .with("maxRestarts", 0));

    assertThat(fit.requireAllSteps(STEPS).distance(expected)).isLessThan(1e-5);
    var unused =
        CLUSTER
            .driver()
            .jvm()
            .awaitLog(Pattern.compile("(?s).*the training goes on without relays"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }
}
