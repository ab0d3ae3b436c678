package dev.fovea.spark.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.schedule.Step;
import dev.fovea.spark.CnnClassifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkParamsTest {
  private final CnnClassifier stage = new CnnClassifier();

  @Test
  void namesAreThoseOfSparkWhereSparkHasOne() {
    assertThat(Arrays.stream(stage.params()).map(Param::name))
        .containsExactlyInAnyOrder(
            "batchSize",
            "cacheMegabytes",
            "checkpointDir",
            "checkpointInterval",
            "checkpointsKept",
            "featuresCol",
            "gradientCompression",
            "handleInvalid",
            "inferenceBatchSize",
            "inputShape",
            "labelCol",
            "maxEpochs",
            "maxRestarts",
            "network",
            "optimizer",
            "precision",
            "predictionCol",
            "probabilityCol",
            "rawPredictionCol",
            "rebalance",
            "rendezvousTimeout",
            "replicas",
            "resize",
            "resumeFrom",
            "schedule",
            "seed",
            "stepSize",
            "thresholds",
            "topology",
            "validationIndicatorCol",
            "weightCol");
  }

  @Test
  void everyParamBelongsToItsStage() {
    assertThat(stage.params()).allMatch(param -> param.parent().equals(stage.uid()));
    assertThat(new CnnClassifier("mine").params()).allMatch(p -> p.parent().equals("mine"));
  }

  @Test
  void defaultsAreWhatTheDocsSay() {
    assertThat(stage.getBatchSize()).isEqualTo(128);
    assertThat(stage.getMaxEpochs()).isEqualTo(10);
    assertThat(stage.getOptimizer()).isEqualTo("Adam");
    assertThat(stage.getStepSize()).isEqualTo(0.001);
    assertThat(stage.getSchedule()).isEqualTo("Constant");
    assertThat(stage.getSeed()).isEqualTo(42);
    assertThat(stage.getHandleInvalid()).isEqualTo("error");
    assertThat(stage.getInferenceBatchSize()).isEqualTo(64);
    assertThat(stage.getCheckpointInterval()).isEqualTo("10 minutes");
    assertThat(stage.getCheckpointsKept()).isEqualTo(3);
    assertThat(stage.getMaxRestarts()).isEqualTo(3);
    assertThat(stage.getRendezvousTimeout()).isEqualTo(60);
    assertThat(stage.getGradientCompression()).isEqualTo("none");
    assertThat(stage.getTopology()).isEqualTo("auto");
    assertThat(stage.getRebalance()).isFalse();
    assertThat(stage.getResize()).isFalse();
    for (Param<?> param : stage.params()) {
      stage
          .getDefault(param)
          .foreach(
              value -> {
                if (!param.doc().contains("default:")) {
                  // Spark's own params say it in Spark's words.
                  assertThat(param.name()).endsWith("Col");
                } else {
                  assertThat(param.doc()).contains("default: " + value);
                }
                return null;
              });
    }
  }

  @Test
  void limitsAreWithin() {
    stage.setMaxRestarts(0).setReplicas(1).setReplicas(64).setGradientCompression("bfloat16");
    assertThat(stage.getMaxRestarts()).isZero();
    assertThat(stage.getReplicas()).isEqualTo(64);
    assertThat(stage.getGradientCompression()).isEqualTo("bfloat16");
    stage.setCheckpointDir("s3a://bucket/a place").setResumeFrom("relative/step-0000000001");
    assertThat(stage.getCheckpointDir()).isEqualTo("s3a://bucket/a place");
    assertThat(stage.getResumeFrom()).isEqualTo("relative/step-0000000001");
  }

  @Test
  void settersTakeRecordsToo() {
    stage.setOptimizer(new Sgd(0.9, true)).setSchedule(new Step(3, 0.1));
    assertThat(stage.getOptimizer()).isEqualTo("Sgd momentum=0.9 nesterov=true");
    assertThat(stage.getSchedule()).isEqualTo("Step epochs=3 factor=0.1");
  }

  static Stream<Arguments> badValues() {
    CnnClassifier stage = new CnnClassifier();
    return Stream.of(
        refused(
            () -> stage.setBatchSize(0), "Param batchSize: expected an integer > 0. Received: 0."),
        refused(
            () -> stage.setMaxEpochs(-1),
            "Param maxEpochs: expected an integer > 0. Received: -1."),
        refused(
            () -> stage.setInferenceBatchSize(0),
            "Param inferenceBatchSize: expected an integer > 0. Received: 0."),
        refused(
            () -> stage.setCacheMegabytes(0),
            "Param cacheMegabytes: expected an integer > 0. Received: 0."),
        refused(
            () -> stage.setStepSize(0),
            "Param stepSize: expected a finite number > 0. Received: 0.0."),
        refused(
            () -> stage.setStepSize(Double.NaN),
            "Param stepSize: expected a finite number > 0. Received: NaN."),
        refused(
            () -> stage.setCheckpointDir(""),
            "Param checkpointDir: expected a path. Received: ''."),
        refused(
            () -> stage.setCheckpointDir(null),
            "Param checkpointDir: expected a path. Received: null."),
        refused(
            () -> stage.setResumeFrom("hdfs:"),
            "Param resumeFrom: expected a path. Received: 'hdfs:'."),
        refused(
            () -> stage.setCheckpointInterval("often"),
            "Param checkpointInterval: expected a number of steps or minutes, such as '500 steps'"
                + " or '10 minutes'. Received: 'often'."),
        refused(
            () -> stage.setCheckpointInterval(null),
            "Param checkpointInterval: expected a text. Received: null."),
        refused(
            () -> stage.setCheckpointsKept(0),
            "Param checkpointsKept: expected an integer > 0. Received: 0."),
        refused(
            () -> stage.setMaxRestarts(-1),
            "Param maxRestarts: expected an integer >= 0. Received: -1."),
        refused(
            () -> stage.setReplicas(0),
            "Param replicas: expected an integer 1 to 64. Received: 0."),
        refused(
            () -> stage.setReplicas(65),
            "Param replicas: expected an integer 1 to 64. Received: 65."),
        refused(
            () -> stage.setRendezvousTimeout(0),
            "Param rendezvousTimeout: expected an integer > 0. Received: 0."),
        refused(
            () -> stage.setGradientCompression("topk"),
            "Param gradientCompression: expected none or bfloat16. Received: 'topk'."),
        refused(
            () -> stage.setGradientCompression(null),
            "Param gradientCompression: expected none or bfloat16. Received: null."),
        refused(
            () -> stage.setPrecision("float16"),
            "Param precision: expected float32 or bfloat16. Received: 'float16'."),
        refused(
            () -> stage.setPrecision(null),
            "Param precision: expected float32 or bfloat16. Received: null."),
        refused(
            () -> stage.setTopology("ring"),
            "Param topology: expected driver or tree or auto. Received: 'ring'."),
        refused(
            () -> stage.setTopology(null),
            "Param topology: expected driver or tree or auto. Received: null."),
        refused(
            () -> stage.setHandleInvalid("keep"),
            "Param handleInvalid: expected error or skip. Received: 'keep'."),
        refused(
            () -> stage.setHandleInvalid(null),
            "Param handleInvalid: expected error or skip. Received: null."),
        refused(
            () -> stage.setInputShape(28, 28),
            "Param inputShape: expected height, width and channels, each an integer > 0. Received:"
                + " [28, 28]."),
        refused(
            () -> stage.setInputShape(28, 0, 1),
            "Param inputShape: expected height, width and channels, each an integer > 0. Received:"
                + " [28, 0, 1]."),
        refused(
            () -> stage.setNetwork((String) null),
            "Param network: expected a text. Received: null."));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void badValuesAreRefusedInTheSetter(ThrowingCallable setter, String message) {
    assertThatThrownBy(setter).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void aParamGridIsCheckedLikeASetter() {
    assertThatThrownBy(() -> ParamMap.empty().put(stage.batchSize(), -3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Param batchSize: expected an integer > 0. Received: -3.");
  }

  private static Arguments refused(ThrowingCallable setter, String message) {
    return Arguments.of(setter, message);
  }
}
