package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The shape of the cluster does not change what is learnt. */
class ExecutorCountTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(2);

  private static final Fit PLAIN = Fit.of("plain", Networks.PLAIN, 3);
  private static final Fit BATCH_NORM = Fit.of("batch-norm", Networks.BATCH_NORM, 3);

  private static FinishedFit plain;
  private static FinishedFit batchNorm;

  @BeforeAll
  static void trainOnALocalMaster() {
    CLUSTER.driver().session("local[2]", 0, Map.of());
    plain = CLUSTER.driver().train(PLAIN);
    batchNorm = CLUSTER.driver().train(BATCH_NORM);
  }

  @Test
  void twoExecutorsTrainWhatALocalMasterDoesAndTheSameBitsAgain() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 2, Map.of());

    same(plain, CLUSTER.driver().train(PLAIN.named("plain on two executors")));
    FinishedFit first = CLUSTER.driver().train(BATCH_NORM.named("first"));
    FinishedFit second = CLUSTER.driver().train(BATCH_NORM.named("second"));
    assertThat(second.weights()).isEqualTo(first.weights());
    same(batchNorm, first);
  }

  @Test
  void oneExecutorTrainsWhatALocalMasterDoes() {
    CLUSTER.driver().session(CLUSTER.cluster().url(), 1, Map.of("spark.cores.max", "1"));

    same(plain, CLUSTER.driver().train(PLAIN.named("plain on one executor")));
    same(batchNorm, CLUSTER.driver().train(BATCH_NORM.named("batch norm on one executor")));
  }

  @Test
  void aLocalClusterTrainsWhatALocalMasterDoes() {
    CLUSTER
        .driver()
        .session("local-cluster[2,1,1024]", 2, Map.of("spark.executor.memory", "1024m"));

    same(plain, CLUSTER.driver().train(PLAIN.named("plain on local-cluster")));
  }

  private static void same(FinishedFit expected, FinishedFit fit) {
    assertThat(fit.requireAllSteps(3 * Fit.STEPS_PER_EPOCH).distance(expected)).isLessThan(1e-5);
    assertThat(fit.validationLoss() / expected.validationLoss()).isBetween(0.999, 1.001);
  }
}
