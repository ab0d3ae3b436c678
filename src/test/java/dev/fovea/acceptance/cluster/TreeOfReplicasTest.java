package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Replicas that add each other's gradients learn what they learn through the driver alone. */
class TreeOfReplicasTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(4);

  private static final int EPOCHS = 4;
  private static final int STEPS = EPOCHS * Fit.STEPS_PER_EPOCH;
  private static final int MIDDLE = STEPS / 3;
  private static final int LATE = STEPS - Fit.STEPS_PER_EPOCH / 2;
  private static final Fit TREE =
      Fit.of("tree", Networks.PLAIN, EPOCHS).with("replicas", 4).with("topology", "tree");

  /** The last group of four: relays are ranks 0 and 1, and ranks 2 and 3. */
  private static final Pattern GROUP =
      Pattern.compile(
          "(?s).*: 4 replicas on executors \\[(\\d+), (\\d+), (\\d+), (\\d+)\\] [^\n]*a tree of 2"
              + " relays");

  private static FinishedFit undisturbed;

  @BeforeAll
  static void trainUndisturbed() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 4, Map.of());
    undisturbed = CLUSTER.driver().train(TREE).requireAllSteps(STEPS);
  }

  @BeforeEach
  void waitForTheReplacementsOfThoseKilledBefore() {
    CLUSTER.awaitExecutors();
  }

  @Test
  void aTreeLearnsWhatTheDriverAloneDoes() {
    FinishedFit direct =
        CLUSTER
            .driver()
            .train(TREE.named("direct").with("topology", "driver"))
            .requireAllSteps(STEPS);

    assertThat(direct.distance(undisturbed)).isLessThan(1e-5);
    assertThat(direct.loss()).isNotNaN();
  }

  @Test
  void aMemberThatIsKilledIsNotMissed() {
    requireSameWithout("member", 1);
  }

  @Test
  void aLeaderThatIsKilledIsNotMissed() {
    requireSameWithout("leader", 2);
  }

  private static void requireSameWithout(String name, int rank) {
    Fit fit = TREE.named(name);
    CLUSTER.driver().beginUntil(fit, LATE);
    CLUSTER.driver().awaitStep(fit, MIDDLE);

    CLUSTER.cluster().killExecutor(executors().get(rank));

    CLUSTER.driver().goOn(fit);
    FinishedFit finished = CLUSTER.driver().await(fit).requireAllSteps(STEPS);
    System.out.println(
        "kill -9 of a tree's " + name + ": " + finished.longestGapMillis() + " ms to go on");
    assertThat(finished.distance(undisturbed)).isLessThan(1e-6);
  }

  /** Where the ranks of the running fit are. */
  private static List<String> executors() {
    Matcher group = CLUSTER.driver().jvm().awaitLog(GROUP);
    return List.of(group.group(1), group.group(2), group.group(3), group.group(4));
  }
}
