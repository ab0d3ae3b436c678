package dev.fovea.acceptance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.spark.training.TrainingHistory;
import java.util.List;

/**
 * How a fit ended.
 *
 * @param loss of the training rows, in the last epoch
 * @param validationLoss after the last epoch
 * @param steps in the order they were done
 * @param history of the model's summary
 * @param jobs of Spark, one for each group of replicas
 */
record FinishedFit(
    float[] weights,
    double loss,
    double validationLoss,
    List<Step> steps,
    TrainingHistory history,
    int jobs) {
  /**
   * A step that is done.
   *
   * @param millis when, on the driver's clock
   */
  record Step(long step, long millis) {}

  /** The longest time between two steps. */
  long longestGapMillis() {
    long longest = 0;
    for (int i = 1; i < steps.size(); i++) {
      longest = Math.max(longest, steps.get(i).millis() - steps.get(i - 1).millis());
    }
    return longest;
  }

  /** The largest difference between two weights of the same place. */
  double distance(FinishedFit other) {
    assertThat(weights).hasSameSizeAs(other.weights);
    double largest = 0;
    for (int i = 0; i < weights.length; i++) {
      largest = Math.max(largest, Math.abs(weights[i] - other.weights[i]));
    }
    return largest;
  }

  /** Every step once, in order. */
  FinishedFit requireAllSteps(int count) {
    assertThat(steps).extracting(Step::step).hasSize(count).isSorted().doesNotHaveDuplicates();
    return this;
  }
}
