package dev.fovea.spark.checkpoint;

import dev.fovea.core.exchange.TrainingState;

/**
 * A training as it is kept.
 *
 * @param history how it went up to here: {@code TrainingHistory.toJson()}
 */
public record Checkpoint(TrainingSettings settings, TrainingState state, String history) {}
