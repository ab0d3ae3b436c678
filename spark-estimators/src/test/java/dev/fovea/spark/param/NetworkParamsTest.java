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
            "featuresCol",
            "handleInvalid",
            "inferenceBatchSize",
            "inputShape",
            "labelCol",
            "maxEpochs",
            "network",
            "optimizer",
            "predictionCol",
            "probabilityCol",
            "rawPredictionCol",
            "resize",
            "schedule",
            "seed",
            "stepSize",
            "thresholds",
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
            () -> stage.setHandleInvalid("keep"),
            "Param handleInvalid: expected error or skip. Received: 'keep'."),
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
