package dev.fovea.spark.training;

import dev.fovea.core.exchange.RelayMap;
import dev.fovea.core.exchange.wire.GradientCompression;
import java.util.Locale;

/**
 * What a step will cost the driver, known before training starts.
 *
 * @param bytesIn gradients that come in
 * @param bytesOut weights that go out
 */
record ExchangeEstimate(long bytesIn, long bytesOut) {
  /** Processor time of Spark's transport, the sum included, measured over loopback. */
  private static final double CPU_NANOS_PER_BYTE = 0.6;

  /** 10 Gbit/s Ethernet, each way, without its headers. */
  private static final double NANOS_PER_BYTE = 1 / 1.1;

  static ExchangeEstimate of(int ranks, long weightCount, GradientCompression gradients) {
    return new ExchangeEstimate(
        ranks * gradients.bytes(weightCount), ranks * weightCount * Float.BYTES);
  }

  /** What the topology costs, and what the other one would. */
  static String describe(RelayMap relays, long weightCount, GradientCompression gradients) {
    ExchangeEstimate here = of(relays.count(), weightCount, gradients);
    RelayMap tree = RelayMap.tree(relays.ranks());
    if (tree.count() == 1) {
      return here.toString();
    }
    ExchangeEstimate other =
        of(relays.isTree() ? relays.ranks() : tree.count(), weightCount, gradients);
    return relays.isTree()
        ? "a tree of %d relays; %s; without relays %s"
            .formatted(relays.count(), here, other.times())
        : "no relays; %s; with %d relays %s".formatted(here, tree.count(), other.times());
  }

  /** Milliseconds of one core of the driver. */
  double cpuMillis() {
    return (bytesIn + bytesOut) * CPU_NANOS_PER_BYTE / 1e6;
  }

  /** Milliseconds of the driver's wire, in and out at the same time. */
  double wireMillis() {
    return Math.max(bytesIn, bytesOut) * NANOS_PER_BYTE / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "a step moves %.1f MB to the driver and %.1f MB back: about %s",
        bytesIn / 1e6,
        bytesOut / 1e6,
        times());
  }

  private String times() {
    return String.format(
        Locale.ROOT, "%.1f ms of its processor, %.1f ms at 10 GbE", cpuMillis(), wireMillis());
  }
}
