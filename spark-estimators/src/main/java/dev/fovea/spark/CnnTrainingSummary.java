package dev.fovea.spark;

import dev.fovea.core.format.Json;
import dev.fovea.spark.training.TrainingEpoch;
import dev.fovea.spark.training.TrainingHistory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.classification.TrainingSummary;

/** How a training went: one number an epoch for each thing measured. Saved with the model. */
public final class CnnTrainingSummary implements TrainingSummary {
  private static final String SKIPPED_ROWS = "skippedRows";

  private final TrainingHistory history;
  private final long skippedRows;

  CnnTrainingSummary(TrainingHistory history, long skippedRows) {
    this.history = history;
    this.skippedRows = skippedRows;
  }

  /** Mean loss over the training rows, each with the weights its step began with. */
  @Override
  public double[] objectiveHistory() {
    return each(TrainingEpoch::loss);
  }

  /** Share of the training rows predicted right, 0 to 1. */
  public double[] accuracyHistory() {
    return each(TrainingEpoch::accuracy);
  }

  /** Mean loss over the validation rows at the end of each epoch; NaN where there are none. */
  public double[] validationLossHistory() {
    return each(epoch -> orNaN(epoch.validationLoss()));
  }

  /** Share of the validation rows predicted right, 0 to 1; NaN where there are none. */
  public double[] validationAccuracyHistory() {
    return each(epoch -> orNaN(epoch.validationAccuracy()));
  }

  /** Epochs trained. */
  @Override
  public int totalIterations() {
    return history.epochs().size();
  }

  /** Rows that {@code handleInvalid=skip} left out. */
  public long skippedRows() {
    return skippedRows;
  }

  /** Everything that was measured, epoch by epoch. */
  public TrainingHistory history() {
    return history;
  }

  /** The history with one more key, {@code skippedRows}. */
  String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(SKIPPED_ROWS, skippedRows);
    json.putAll(Json.parseObject(history.toJson(), "History"));
    return Json.indented(json);
  }

  /** Reads {@link #toJson}. */
  static CnnTrainingSummary fromJson(String text) {
    Object skipped = Json.parseObject(text, "History").get(SKIPPED_ROWS);
    return new CnnTrainingSummary(
        TrainingHistory.fromJson(text), skipped instanceof Long rows ? rows : 0);
  }

  private double[] each(ToDoubleFunction<TrainingEpoch> value) {
    return history.epochs().stream().mapToDouble(value).toArray();
  }

  private static double orNaN(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }
}
