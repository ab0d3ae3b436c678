package dev.fovea.spark.training;

import dev.fovea.core.exchange.RelayMap;
import java.util.Arrays;

/** How gradients travel from the ranks to the driver. Known by name in settings. */
enum Topology {
  /** Every rank sends its own. */
  DRIVER("driver") {
    @Override
    boolean isTree(int ranks, long stepBytes) {
      return false;
    }
  },

  /** Leaders add those of their relay and send the sum. */
  TREE("tree") {
    @Override
    boolean isTree(int ranks, long stepBytes) {
      return ranks >= LEAST_RANKS;
    }
  },

  /** A tree where the driver alone would be the bottleneck. */
  AUTO("auto") {
    @Override
    boolean isTree(int ranks, long stepBytes) {
      return ranks >= LEAST_RANKS && stepBytes > TREE_BYTES;
    }
  };

  /** With fewer, a tree would have one relay. */
  private static final int LEAST_RANKS = 4;

  /** Of all ranks' gradients in a step: about 200 ms of 10 GbE and of a core of the driver. */
  private static final long TREE_BYTES = 200_000_000;

  private final String text;

  Topology(String text) {
    this.text = text;
  }

  /** The one of that name, which the param has checked. */
  static Topology parse(String text) {
    return Arrays.stream(values())
        .filter(each -> each.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Topology: expected driver, tree or auto. Received: '" + text + "'."));
  }

  /** Who speaks for whom among so many ranks of a network of so many weights. */
  RelayMap relays(int ranks, long weightCount) {
    return isTree(ranks, ranks * weightCount * Float.BYTES)
        ? RelayMap.tree(ranks)
        : RelayMap.none(ranks);
  }

  abstract boolean isTree(int ranks, long stepBytes);
}
