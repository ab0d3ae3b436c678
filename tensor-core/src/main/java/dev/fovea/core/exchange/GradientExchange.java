package dev.fovea.core.exchange;

import dev.fovea.core.tensor.Weights;

/**
 * The side of one rank: hello, then weights, then steps and evaluations as the {@link Position}
 * says. One thread of the rank uses it. Every method that waits does so in slices of at most 100 ms
 * and ends with a {@link java.util.concurrent.CancellationException} when the rank is told to end.
 */
public interface GradientExchange extends AutoCloseable {
  /** Waits until all ranks have said hello. */
  Config hello(Hello hello);

  /**
   * Fills {@code weights} with those the training stands at, and says where that is: it may be
   * further than {@link Config#position}. From now on new weights go there, too.
   */
  Position weights(Weights weights);

  /**
   * Sends one bucket of this rank's gradient to be averaged with the other ranks', without waiting.
   * Buckets of a step are sent in order, each when nothing of the step reads its weights any more:
   * the new ones are written as soon as they arrive, while the rank still computes. The floats of
   * the part may change after {@link #await} only.
   */
  void average(GradientPart part);

  /** Waits until the new weights of all parts of the step are there. */
  Position await();

  /** Waits until all ranks have evaluated. */
  Position evaluate(Evaluation evaluation);

  /** Tells the driver that this rank has left; safe to call twice. */
  @Override
  void close();
}
