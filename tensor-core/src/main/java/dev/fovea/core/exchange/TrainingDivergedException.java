package dev.fovea.core.exchange;

import java.util.Locale;

/** A loss, a gradient or a weight is no longer a finite number; no later step can repair it. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The last finite mean loss, and its step; step 0 where there is none. */
  record LastLoss(long step, double loss) {
    @Override
    public String toString() {
      return step == 0
          ? "no finite loss before"
          : String.format(Locale.ROOT, "last finite loss %.4g at step %d", loss, step);
    }
  }

  private final long step;

  TrainingDivergedException(
      long step, String expected, String received, LastLoss last, double learningRate) {
    super(
        "Training diverged at step %d: expected %s. Received: %s (%s, learning rate %s). Lower stepSize, or scale the inputs to mean 0 and standard deviation 1."
            .formatted(step, expected, received, last, learningRate));
    this.step = step;
  }

  /** Number of the step, from 1. */
  public long step() {
    return step;
  }
}
