/**
 * The Spark ML stages: estimators and the models they fit.
 *
 * <p>Who enters: the user, or a Pipeline. {@code fit} checks columns and params on the schema,
 * makes the {@code TrainingPlan} and hands the encoded rows to {@code training.SynchronousTrainer};
 * {@code transform} hands rows to {@code inference.BatchPrediction}.
 */
package dev.fovea.spark;
