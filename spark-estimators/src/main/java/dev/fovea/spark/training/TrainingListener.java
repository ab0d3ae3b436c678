package dev.fovea.spark.training;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepReport;

/**
 * Hears how a training goes, on the driver. One call of a fit at a time, on whatever thread
 * completed the step: the training waits meanwhile, and keeps its core, so do not wait for a Spark
 * job here. What a method throws ends the training.
 *
 * <p>Copies of an estimator share its listeners: fits side by side, as with {@code parallelism} of
 * a CrossValidator, call them at the same time, so theirs must be thread safe.
 */
public interface TrainingListener {
  /** A step is done. */
  default void onStep(StepReport step) {}

  /** An epoch is done, and its validation rows are evaluated. */
  default void onEpoch(EpochReport epoch) {}

  /** The training is done; not called for one that failed or was ended early. */
  default void onEnd(TrainingHistory history) {}
}
