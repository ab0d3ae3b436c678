package dev.fovea.benchmarks.simulator;

/**
 * What the exchange costs a processor, in seconds of one core.
 *
 * @param message sending a message, and again receiving it, whatever its size
 * @param transport sending a byte, and again receiving it
 * @param add adding a byte of a rank's gradient to the sum
 * @param update new weights from a byte of the sum: the checks and the optimizer
 * @param take what a rank does with a byte of new weights once it is received
 */
public record Costs(double message, double transport, double add, double update, double take) {
  /** Nothing costs anything. */
  public static final Costs NONE = new Costs(0, 0, 0, 0, 0);

  /** Seconds of a core that a step takes at the driver where all ranks talk to it. */
  public double driver(SimulatedNetwork network, int ranks) {
    return ranks * moved(network) + network.bytes() * (ranks * add + update);
  }

  /** Seconds of a core that a step takes at a rank which computes nothing. */
  double rank(SimulatedNetwork network) {
    return moved(network) + network.bytes() * take;
  }

  /** Sending all buckets, and receiving as many. */
  private double moved(SimulatedNetwork network) {
    double bytes = (network.gradientShare() + 1) * network.bytes();
    return 2 * network.buckets() * message + bytes * transport;
  }
}
