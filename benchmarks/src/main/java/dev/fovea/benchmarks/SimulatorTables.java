package dev.fovea.benchmarks;

import dev.fovea.benchmarks.exchange.EndpointRates;
import dev.fovea.benchmarks.exchange.ExchangeNetwork;
import dev.fovea.benchmarks.exchange.ExchangeRates;
import dev.fovea.benchmarks.exchange.StepCost;
import dev.fovea.benchmarks.simulator.Calibration;
import dev.fovea.benchmarks.simulator.Cluster;
import dev.fovea.benchmarks.simulator.Costs;
import dev.fovea.benchmarks.simulator.EndpointCosts;
import dev.fovea.benchmarks.simulator.SimulatedNetwork;
import dev.fovea.benchmarks.simulator.SimulatedRanks;
import dev.fovea.benchmarks.simulator.Simulation;
import dev.fovea.core.exchange.ShardMap;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** What the simulator says, beside what can be measured of it, and of what cannot. */
final class SimulatorTables {
  private static final List<Integer> RANKS = List.of(2, 4, 8, 16, 32, 64, 128, 256);
  private static final List<Integer> GIGABITS = List.of(1, 10, 25);
  private static final int LEAST_TREE = 4; // ranks: two relays of two
  private static final double WIRE_LATENCY = 50e-6;

  /** Megabytes that the costs are taken from: others than those that are compared. */
  private static final ExchangeNetwork SMALL = new ExchangeNetwork(0.001);

  private static final ExchangeNetwork LARGE = new ExchangeNetwork(10);

  private final Consumer<String> out;

  SimulatorTables(Consumer<String> out) {
    this.out = out;
  }

  /** Measures real executors, and compares with the simulation of the same. */
  Calibration validate(SparkSession spark, int ranks, double seconds, int rounds) throws Exception {
    int cores = Machine.cores();
    Calibration calibration =
        Calibration.of(
            EndpointCosts.measure(LARGE.description()),
            ranks,
            cores,
            SMALL.description(),
            EndpointRates.measure(spark, ranks, SMALL, seconds, rounds),
            LARGE.description(),
            EndpointRates.measure(spark, ranks, LARGE, seconds, rounds));
    MarkdownTable table =
        new MarkdownTable(
            0,
            List.of(
                "weights, MB",
                "measured, ms",
                "simulated, ms",
                "simulated / measured",
                "driver's CPU measured, ms",
                "simulated, ms"),
            out);
    Cluster loopback = Cluster.loopback(cores, calibration.latency(), calibration.costs());
    for (double megabytes : ExchangeRates.SIZES) {
      ExchangeNetwork network = new ExchangeNetwork(megabytes);
      StepCost measured = EndpointRates.measure(spark, ranks, network, seconds, rounds);
      SimulatedNetwork idle = SimulatedNetwork.idle(network.description());
      double simulated = 1e3 * Simulation.driver(idle, loopback, ranks);
      table.row(
          List.of(
              Figures.rate(idle.bytes() / 1e6),
              Figures.rate(measured.millis()),
              Figures.rate(simulated),
              Figures.ratio(simulated / measured.millis()),
              Figures.rate(measured.driverCpuMillis()),
              Figures.rate(1e3 * calibration.costs().driver(idle, ranks))));
    }
    return calibration;
  }

  /** The costs that all simulations have in common. */
  static String costs(Calibration calibration) {
    Costs costs = calibration.costs();
    return String.format(
        Locale.ROOT,
        "Load average %.1f on %d cores. A message costs each end %.0f us of a core, and %.0f us between the ends are nobody's work;"
            + " a GB costs each end %.2f s of a core, adding it %.2f s, new weights from it %.2f s.",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Machine.cores(),
        1e6 * costs.message(),
        1e6 * calibration.latency(),
        1e9 * costs.transport(),
        1e9 * costs.add(),
        1e9 * costs.update());
  }

  /** Rows a second of many ranks, as a share of what they would do if each computed alone. */
  void efficiency(Calibration calibration, int cores, double gigaflops) {
    List<String> head =
        new ArrayList<>(List.of("network", "to", "GbE", "MB", "rows a rank", "compute, ms"));
    RANKS.forEach(ranks -> head.add(ranks.toString()));
    MarkdownTable table = new MarkdownTable(2, head, out);
    double latency = WIRE_LATENCY + calibration.latency();
    for (SimulatedRanks ranks : SimulatedRanks.all(cores, gigaflops * 1e9)) {
      for (int gigabits : GIGABITS) {
        Cluster cluster = Cluster.ethernet(gigabits, latency, cores, calibration.costs());
        for (boolean tree : List.of(false, true)) {
          table.row(
              Stream.concat(
                      about(ranks, gigabits, tree).stream(),
                      RANKS.stream().map(count -> cell(ranks.network(), cluster, count, tree)))
                  .toList());
        }
      }
    }
  }

  private static List<String> about(SimulatedRanks ranks, int gigabits, boolean tree) {
    SimulatedNetwork network = ranks.network();
    return List.of(
        network.name(),
        tree ? "tree" : "driver",
        Integer.toString(gigabits),
        Figures.rate(network.bytes() / 1e6),
        Integer.toString(ranks.rows()),
        Figures.rate(1e3 * network.computeSeconds()));
  }

  private static String cell(SimulatedNetwork network, Cluster cluster, int ranks, boolean tree) {
    if (tree ? ranks < LEAST_TREE : ranks > ShardMap.SHARDS) {
      return "";
    }
    double seconds =
        tree
            ? Simulation.tree(network, cluster, ranks, Simulation.relays(ranks))
            : Simulation.driver(network, cluster, ranks);
    return Figures.percent(network.computeSeconds() / seconds);
  }
}
