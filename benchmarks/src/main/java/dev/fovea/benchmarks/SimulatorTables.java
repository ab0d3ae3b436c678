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

  private final BenchmarkOptions options;
  private final Consumer<String> out;

  SimulatorTables(BenchmarkOptions options, Consumer<String> out) {
    this.options = options;
    this.out = out;
  }

  /** Measures real executors, and compares with the simulation of the same. */
  Calibration validate(SparkSession spark, int ranks) throws Exception {
    int cores = Machine.cores();
    List<ExchangeNetwork> networks =
        Stream.concat(
                Stream.of(SMALL, LARGE), ExchangeRates.SIZES.stream().map(ExchangeNetwork::new))
            .toList();
    List<StepCost> costs =
        EndpointRates.measure(spark, ranks, networks, options.seconds(), options.rounds());
    Calibration calibration =
        Calibration.of(
            EndpointCosts.measure(LARGE.description()),
            ranks,
            cores,
            SMALL.description(),
            costs.get(0),
            LARGE.description(),
            costs.get(1));
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
    for (int i = 2; i < networks.size(); i++) {
      StepCost measured = costs.get(i);
      SimulatedNetwork idle = SimulatedNetwork.idle(networks.get(i).description());
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
    out.accept("");
    out.accept(costs(calibration));
    return calibration;
  }

  private static String costs(Calibration calibration) {
    Costs costs = calibration.costs();
    return String.format(
        Locale.ROOT,
        "%d cores, load average %.1f. A message costs each end %.0f us of a core, and %.0f us pass"
            + " between them; a GB costs each end %.2f s of a core, adding it %.2f s, new weights"
            + " from it %.2f s, a rank's taking them %.2f s.",
        Machine.cores(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        1e6 * costs.message(),
        1e6 * calibration.latency(),
        1e9 * costs.transport(),
        1e9 * costs.add(),
        1e9 * costs.update(),
        1e9 * costs.take());
  }

  /** Rows a second of many ranks, as a share of what they would do if each computed alone. */
  void efficiency(Calibration calibration) {
    int cores = options.cores();
    List<String> head =
        new ArrayList<>(List.of("network", "to", "GbE", "MB", "rows a rank", "compute, ms"));
    RANKS.forEach(ranks -> head.add(ranks.toString()));
    MarkdownTable table = new MarkdownTable(2, head, out);
    double latency = WIRE_LATENCY + calibration.latency();
    double share = options.gradientBits() / Float.SIZE;
    for (SimulatedRanks ranks : SimulatedRanks.all(cores, options.gigaflops() * 1e9, share)) {
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
    out.accept("");
    out.accept(
        "Rows a second, of those of as many ranks that only compute; the rows of a rank stay the"
            + " same. Executors and driver of %d cores of %s GFLOP/s; a number of a gradient takes"
                .formatted(cores, options.gigaflops())
            + " %s bits on the wire; a tree has sqrt(N) relays.".formatted(options.gradientBits()));
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
