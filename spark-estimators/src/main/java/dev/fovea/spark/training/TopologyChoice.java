package dev.fovea.spark.training;

import dev.fovea.core.exchange.RelayMap;

/**
 * The topology of one group after the other. Gives trees up where they break again and again before
 * a step is done: where executors cannot reach each other, or a task of the tree fails, that would
 * go on for ever.
 */
final class TopologyChoice {
  /** In a row. */
  private static final int FRUITLESS_TREES = 2;

  private final long weightCount;
  private Topology topology;
  private int fruitless;

  /**
   * @param topology name of what to begin with
   * @param weightCount of the network
   */
  TopologyChoice(String topology, long weightCount) {
    this.topology = Topology.parse(topology);
    this.weightCount = weightCount;
  }

  /** Who speaks for whom in the next group. */
  RelayMap relays(int ranks) {
    return topology.relays(ranks, weightCount);
  }

  /**
   * A tree has lost a rank.
   *
   * @param steps that its group has done
   * @return true if there will be no other tree
   */
  boolean broken(long steps) {
    fruitless = steps > 0 ? 0 : fruitless + 1;
    if (fruitless == FRUITLESS_TREES) {
      topology = Topology.DRIVER;
    }
    return topology == Topology.DRIVER;
  }
}
