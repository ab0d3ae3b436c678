package dev.fovea.core.exchange;

/** What a rank does next. */
public enum Directive {
  /** Wait: more buckets of this step will be answered. */
  AWAIT,
  /** Train the step of the position. */
  STEP,
  /** Evaluate all validation rows with these weights and send an {@link Evaluation}. */
  EVALUATE,
  /** Free everything and end: the training is over, or has failed. */
  STOP
}
