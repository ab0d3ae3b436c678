package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fits of one driver: side by side, one after the other, ended early. */
class ManyFitsTest {
  @RegisterExtension static final TestCluster CLUSTER = new TestCluster(0);

  private static final Fit SHORT = Fit.of("short", Networks.PLAIN, 1);
  private static final Fit LONG = Fit.of("long", Networks.PLAIN, 500);
  private static final int FITS = 20;
  private static final long SPARE_SOCKETS = 2; // Spark opens its own connections when it likes
  private static final long SPARE_KILOBYTES = 1024;

  @BeforeAll
  static void startExecutors() {
    CLUSTER
        .driver()
        .session("local-cluster[2,1,1024]", 2, Map.of("spark.executor.memory", "1024m"));
  }

  @Test
  void twoFitsAtOnceDoNotMeet() {
    Fit fit = Fit.of("alone", Networks.PLAIN, 2).with("rendezvousTimeout", 5);
    FinishedFit alone = CLUSTER.driver().train(fit);
    Fit first = fit.named("first of two");
    Fit second = fit.named("second of two");

    CLUSTER.driver().begin(first);
    CLUSTER.driver().begin(second);

    assertThat(CLUSTER.driver().await(first).distance(alone)).isLessThan(1e-5);
    assertThat(CLUSTER.driver().await(second).distance(alone)).isLessThan(1e-5);
  }

  @Test
  void twentyFitsLeaveNothingBehind() {
    TrainingDriver driver = CLUSTER.driver();
    driver.train(SHORT.named("warm 0"));
    driver.train(SHORT.named("warm 1"));
    Map<?, ?> before = driver.resources();

    for (int i = 0; i < FITS; i++) {
      driver.train(SHORT.named("short " + i));
    }

    Map<?, ?> after = driver.resources();
    System.out.println("Before " + FITS + " fits: " + before + "; after: " + after);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    for (Object jvm : after.keySet()) {
      assertThat(count(after.get(jvm), "replicas")).isZero();
      assertThat(more("threads", jvm, before, after)).isLessThanOrEqualTo(0);
      assertThat(more("sockets", jvm, before, after)).isLessThanOrEqualTo(SPARE_SOCKETS);
      assertThat(more("directKilobytes", jvm, before, after)).isLessThanOrEqualTo(SPARE_KILOBYTES);
    }
  }

  @Test
  void anInterruptEndsAFitWithinTwoSeconds() {
    Fit fit = LONG.named("interrupted");
    CLUSTER.driver().begin(fit);
    CLUSTER.driver().awaitStep(fit, 20);

    CLUSTER.driver().interrupt(fit);

    endsWithinTwoSeconds(fit, "java.util.concurrent.CancellationException: Training: interrupted");
  }

  @Test
  void cancellingItsJobGroupEndsAFitWithinTwoSeconds() {
    Fit fit = LONG.named("cancelled");
    CLUSTER.driver().begin(fit);
    CLUSTER.driver().awaitStep(fit, 20);

    CLUSTER.driver().cancelJobGroup(fit);

    endsWithinTwoSeconds(fit, "org.apache.spark.SparkException: ");
  }

  private static void endsWithinTwoSeconds(Fit fit, String error) {
    long asked = System.currentTimeMillis();
    TrainingDriver.Failure failure = CLUSTER.driver().awaitFailure(fit);
    assertThat(failure.error()).startsWith(error);
    assertThat(failure.millis() - asked).isLessThan(2000);
    Map<?, ?> held = CLUSTER.driver().resources(); // comes when its tasks have left their cores
    assertThat(held.values()).allSatisfy(jvm -> assertThat(count(jvm, "replicas")).isZero());
  }

  private static long more(String what, Object jvm, Map<?, ?> before, Map<?, ?> after) {
    return count(after.get(jvm), what) - count(before.get(jvm), what);
  }

  private static long count(Object held, String what) {
    return ((Number) ((Map<?, ?>) held).get(what)).longValue();
  }
}
