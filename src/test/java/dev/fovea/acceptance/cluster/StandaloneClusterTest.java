package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cluster that the other tests rely on. */
class StandaloneClusterTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(2);

  @Test
  void executorsComeFromMavensJarsAndComeBackWhenTheyAreKilled() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 2, Map.of());
    List<ProcessHandle> first = CLUSTER.cluster().executors();
    Map<?, ?> held = CLUSTER.driver().resources();

    CLUSTER.cluster().killExecutor();

    assertThat(first).hasSize(2);
    assertThat(held.keySet()).hasToString("[0, 1, driver]");
    Await.until(
        Duration.ofSeconds(30),
        () -> CLUSTER.cluster().executors().size() == 2,
        () -> "Executors: expected 2. Received: " + CLUSTER.cluster().executors());
    assertThat(CLUSTER.cluster().executors()).isNotEqualTo(first);
  }
}
