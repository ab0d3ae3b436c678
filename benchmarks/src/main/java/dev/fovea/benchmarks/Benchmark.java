package dev.fovea.benchmarks;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.benchmarks.engine.Comparison;
import dev.fovea.benchmarks.engine.Engine;
import dev.fovea.benchmarks.engine.Engines;
import dev.fovea.benchmarks.engine.Mode;
import dev.fovea.benchmarks.engine.Precision;
import dev.fovea.benchmarks.exchange.LocalCluster;
import dev.fovea.benchmarks.simulator.Calibration;
import dev.fovea.benchmarks.spark.SparkNetwork;
import dev.fovea.benchmarks.spark.SparkRates;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Prints the tables of docs/performance.md on standard output, as they go into that document; what
 * it is about to do on standard error.
 */
public final class Benchmark {
  private static final int EXECUTORS = 2;

  private final BenchmarkOptions options;
  private final Engines engines;
  private final List<BenchmarkNetwork> networks = new ArrayList<>();
  private final Set<String> versions = new LinkedHashSet<>();
  private final Set<String> leftOut = new LinkedHashSet<>();
  private final LibraryInfo library = NativeLibrary.info();
  private final OptionalDouble peak;

  private Benchmark(BenchmarkOptions options) throws Exception {
    this.options = options;
    this.engines = new Engines(options.engines(), path("fovea.peers"), path("fovea.peerChildren"));
    this.peak = new FmaPeak(path("fovea.programs"), library.target()).measure();
    for (BenchmarkNetwork network : BenchmarkNetworks.all()) {
      if (options.networks().contains(network.name())) {
        Set<String> missing = network.missingLayers(library);
        if (missing.isEmpty()) {
          networks.add(network);
        } else {
          leftOut.add(network.name() + ": this library has no " + String.join(", ", missing));
        }
      }
    }
    for (String engine : engines.missing()) {
      leftOut.add(engine + ": not installed; `bin/setup --peers` does it");
    }
  }

  public static void main(String[] arguments) throws Exception {
    BenchmarkOptions options;
    try {
      options = BenchmarkOptions.parse(Machine.cores(), Machine.hasBfloat16(), arguments);
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.help()) {
      System.out.print(BenchmarkOptions.HELP);
      return;
    }
    new Benchmark(options).run();
  }

  private void run() throws Exception {
    section("Machine");
    Machine.lines(library.target(), peak).forEach(Benchmark::print);
    for (String table : options.tables()) {
      switch (table) {
        case BenchmarkOptions.THROUGHPUT -> throughput();
        case BenchmarkOptions.MEMORY -> memory();
        case BenchmarkOptions.SPARK -> spark();
        case BenchmarkOptions.EXCHANGE -> exchange();
        case BenchmarkOptions.KERNELS -> kernels();
        case BenchmarkOptions.SIMULATION -> simulation();
        default -> throw new IllegalStateException(table);
      }
    }
    if (!leftOut.isEmpty()) {
      section("Left out");
      leftOut.forEach(what -> print("- " + what));
    }
  }

  private void throughput() throws IOException {
    section("Throughput, rows a second");
    if (!options.precisions().contains(Precision.BFLOAT16) && !Machine.hasBfloat16()) {
      leftOut.add(
          "bfloat16: this CPU has no instructions for it; `--precisions float32,bfloat16` measures"
              + " what software makes of it");
    }
    ThroughputTable table = new ThroughputTable(engines.installed(), peak, Benchmark::print);
    Comparison.Timing timing = new Comparison.Timing(options.seconds(), options.rounds());
    for (BenchmarkNetwork network : networks) {
      for (int threads : options.threads()) {
        try (Comparison comparison =
            new Comparison(engines.installed(), network.name(), threads, timing)) {
          for (Engine engine : engines.installed()) {
            comparison.about(engine).ifPresent(versions::add);
          }
          for (Mode mode : Mode.values()) {
            for (Precision precision : options.precisions()) {
              progress(network.name(), mode.word(), precision.word(), threads + " threads");
              table.add(network, threads, mode, precision, comparison.measure(mode, precision));
            }
          }
          leftOut.addAll(comparison.failures());
        }
      }
    }
    print("");
    print(
        "%s. Medians of %d rounds of %s s; batches of %s rows."
            .formatted(
                String.join("; ", versions), options.rounds(), options.seconds(), batches()));
  }

  private void memory() {
    section("Peak memory of training, MiB");
    int threads = Collections.max(options.threads());
    MemoryTable table = new MemoryTable(engines.installed(), threads, Benchmark::print);
    for (BenchmarkNetwork network : networks) {
      progress(network.name(), "memory");
      table.add(network.name());
    }
    leftOut.addAll(table.failures());
    print("");
    print("Resident memory of the whole process at its highest, " + threads + " threads, float32.");
  }

  private void spark() throws IOException {
    section("In Spark, rows a second");
    try (SparkSession spark =
        SparkSession.builder().appName("Benchmark").master("local[*]").getOrCreate()) {
      SparkTable table = new SparkTable(Benchmark::print);
      for (SparkNetwork network : SparkNetwork.among(options.networks())) {
        progress(network.name(), "in Spark");
        table.add(network.name(), SparkRates.measure(spark, network, options.rounds()));
      }
      print("");
      print(
          "Spark %s, local[*], %d epochs a fit; the core on all cores, in turn with epochs and calls."
              .formatted(spark.version(), SparkRates.EPOCHS));
    }
  }

  private void exchange() throws Exception {
    ExecutorTables tables = new ExecutorTables(options, Benchmark::print);
    try (LocalCluster cluster = LocalCluster.start(EXECUTORS)) {
      section("Averaging over executors, a step");
      tables.exchange(cluster);
      if (tables.scales()) {
        section("Training on executors");
        tables.scaling(cluster);
      }
    }
    leftOut.addAll(tables.leftOut());
  }

  private void simulation() throws Exception {
    SimulatorTables tables = new SimulatorTables(options, Benchmark::print);
    Calibration calibration;
    section("Averaging over executors, measured and simulated, a step");
    progress("simulation", EXECUTORS + " executors measured");
    try (LocalCluster cluster = LocalCluster.start(EXECUTORS)) {
      calibration = tables.validate(cluster.session(), EXECUTORS);
    }
    section("Training on executors, simulated: efficiency");
    progress("simulation", "many executors");
    tables.efficiency(calibration);
  }

  /** The native program prints the table itself. */
  private void kernels() throws IOException, InterruptedException {
    if (!options.peers()) {
      return;
    }
    Path program = path("fovea.programs").resolve("onednn_benchmark");
    if (!Files.isExecutable(program) || !Files.isDirectory(path("fovea.peers").resolve("onednn"))) {
      leftOut.add("oneDNN: not installed; `bin/setup --peers` does it");
      return;
    }
    section("Kernels on one thread, float32");
    progress("kernels beside oneDNN's");
    int status = new ProcessBuilder(program.toString()).inheritIO().start().waitFor();
    if (status != 0) {
      leftOut.add("oneDNN: onednn_benchmark ended with status " + status);
    }
  }

  private String batches() {
    Set<String> sizes = new LinkedHashSet<>();
    for (BenchmarkNetwork network : networks) {
      sizes.add(Integer.toString(network.batchSize()));
    }
    return String.join(" or ", sizes);
  }

  private static Path path(String property) {
    return Path.of(System.getProperty(property, ""));
  }

  private static void section(String title) {
    print("");
    print("## " + title);
    print("");
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }

  static void progress(String... words) {
    System.err.println("fovea: " + String.join(", ", words));
  }
}
