package dev.fovea.spark.training;

import dev.fovea.core.tensor.Weights;

/**
 * What a training gives.
 *
 * @param weights after the last step; the caller's own
 * @param history one entry an epoch
 */
public record TrainingResult(Weights weights, TrainingHistory history) {}
