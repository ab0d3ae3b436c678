package dev.fovea.benchmarks;

import dev.fovea.benchmarks.engine.ChildException;
import dev.fovea.benchmarks.exchange.CpuLimits;
import dev.fovea.benchmarks.exchange.ExchangeRates;
import dev.fovea.benchmarks.exchange.LocalCluster;
import dev.fovea.benchmarks.spark.ScalingRates;
import dev.fovea.benchmarks.spark.ScalingRates.Setting;
import dev.fovea.benchmarks.spark.SparkNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What executors that are processes of their own cost, and what more of them give. */
final class ExecutorTables {
  /** The network that is trained on executors. */
  private static final String SCALED = "vgg_small";

  private static final int LARGER = 4; // times the rows a step that the networks are compared with

  private final BenchmarkOptions options;
  private final Consumer<String> out;
  private final List<String> leftOut = new ArrayList<>();

  ExecutorTables(BenchmarkOptions options, Consumer<String> out) {
    this.options = options;
    this.out = out;
  }

  /** What could not be measured, and why. */
  List<String> leftOut() {
    return leftOut;
  }

  void exchange(LocalCluster cluster) throws Exception {
    ExchangeTable table = new ExchangeTable(out);
    for (double megabytes : ExchangeRates.SIZES) {
      Benchmark.progress("exchange", megabytes + " MB");
      table.add(
          ExchangeRates.measure(
              cluster.session(),
              cluster.executors().size(),
              megabytes,
              options.seconds(),
              options.rounds()));
    }
    out.accept("");
    out.accept(
        "Spark %s, %s, executors of one core; medians of %d rounds of about %s s."
            .formatted(
                cluster.session().version(),
                cluster.session().sparkContext().master(),
                options.rounds(),
                options.seconds()));
  }

  /** Whether the network that is trained on executors is among those that were asked for. */
  boolean scales() {
    return !networks().isEmpty();
  }

  void scaling(LocalCluster cluster) throws IOException {
    int executors = cluster.executors().size();
    ScalingTable table = new ScalingTable(out);
    for (SparkNetwork network : networks()) {
      for (double share : shares(executors)) {
        Benchmark.progress(network.name(), "%s cores an executor".formatted(Figures.ratio(share)));
        List<Setting> settings = settings(network.batchSize(), executors);
        try {
          table.add(
              network.name(),
              share,
              ScalingRates.measure(cluster, network, share, settings, options.rounds()),
              settings);
        } catch (ChildException | IOException e) {
          leftOut.add("executors: " + e.getMessage());
        }
      }
    }
  }

  private List<SparkNetwork> networks() {
    return SparkNetwork.among(options.networks()).stream()
        .filter(network -> network.name().equals(SCALED))
        .toList();
  }

  private static List<Setting> settings(int batchSize, int executors) {
    Setting one = Setting.lone(batchSize);
    Setting larger = Setting.lone(LARGER * batchSize);
    return List.of(
        one, one.shared(executors), one.multiplied(executors), larger, larger.shared(executors));
  }

  /** Of a core, for an executor: all of it and, where that is less, what leaves the driver one. */
  private List<Double> shares(int executors) throws IOException {
    double share = (Machine.cores() - 1.0) / executors;
    if (share >= 1) {
      return List.of(1.0);
    }
    if (share == 0 || !CpuLimits.available()) {
      leftOut.add(
          "executors that leave a core to the driver: expected two cores, and that this process may"
              + " make control groups, as root may on Linux");
      return List.of(1.0);
    }
    return List.of(1.0, share);
  }
}
