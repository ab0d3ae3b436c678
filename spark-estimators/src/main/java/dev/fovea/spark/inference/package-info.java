/**
 * Running a trained network over a DataFrame, and writing it to files.
 *
 * <p>Who enters: {@code CnnClassificationModel} with a {@link TrainedNetwork}, broadcast once.
 * {@link BatchPrediction} fills batches of rows on an executor, a {@link PredictorPool} lends an
 * open native predictor for each, and {@link ClassDecision} turns logits into a class. The batch
 * goes next to {@code core.runtime.Predictor}.
 */
package dev.fovea.spark.inference;
