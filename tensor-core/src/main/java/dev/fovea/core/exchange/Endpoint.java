package dev.fovea.core.exchange;

/**
 * What ranks talk to: the driver's own {@link DriverEndpoint}, or whatever carries messages to it.
 * A rank says hello, asks for the weights, then sends parts and evaluations as the positions in the
 * answers say. Thread safe; no method blocks for long.
 */
public interface Endpoint {
  /** Answered when all ranks of the group have said it, or at once in a group that has begun. */
  void hello(Hello hello, Answer<Config> answer);

  /** Answered at once, with the weights that the step of the answer's position begins with. */
  void weights(WeightsRequest request, Answer<WeightsPart> answer);

  /** Answered when the parts of all ranks are in; the floats may be read until then. */
  void gradient(GradientPart part, Answer<WeightsPart> answer);

  /** Answered when all ranks have evaluated. */
  void evaluation(Evaluation evaluation, Answer<Position> answer);

  /**
   * The attempt that has said {@code hello} is gone. What it has sent counts; nothing that it sends
   * from now on may be passed on.
   */
  void lost(Hello hello);
}
