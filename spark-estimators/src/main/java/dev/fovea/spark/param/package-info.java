/**
 * Every Spark param of the stages, declared once: {@link NetworkParamSet} and {@link ImageParamSet}
 * declare them, {@link NetworkParams} and {@link ImageParams} expose them with their getters.
 *
 * <p>Who enters: the stages in {@code dev.fovea.spark}, while they are built. A checked value goes
 * on into a {@code TrainingPlan} (training) or a {@code BatchPrediction} (inference).
 */
package dev.fovea.spark.param;
