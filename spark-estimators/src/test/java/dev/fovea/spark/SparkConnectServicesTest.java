package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.TrainingSummary;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.junit.jupiter.api.Test;

/** What a Spark Connect server looks for before it lets clients use a stage. */
class SparkConnectServicesTest {
  @Test
  void theEstimatorIsFound() {
    assertThat(ServiceLoader.load(Estimator.class).stream().map(ServiceLoader.Provider::type))
        .anyMatch(CnnClassifier.class::equals);
  }

  @Test
  void theModelIsFound() {
    assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
        .anyMatch(CnnClassificationModel.class::equals);
  }

  @Test
  void theSummaryIsReachedThroughSparksInterfaces() {
    assertThat(HasTrainingSummary.class).isAssignableFrom(CnnClassificationModel.class);
    assertThat(TrainingSummary.class).isAssignableFrom(CnnTrainingSummary.class);
  }
}
