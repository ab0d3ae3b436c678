package dev.fovea.benchmarks.core;

import dev.fovea.benchmarks.child.BlockServer;
import dev.fovea.core.layer.Precision;
import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;

/** The process that does Fovea's share of a comparison: {@code FoveaChild NETWORK THREADS}. */
public final class FoveaChild {
  private FoveaChild() {}

  public static void main(String[] arguments) throws Exception {
    BenchmarkNetwork network = BenchmarkNetworks.named(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    LibraryInfo library = NativeLibrary.info();
    String about = "Fovea %s (%s)".formatted(library.version(), library.target());
    BlockServer.serve(
        about,
        (variant, mode) ->
            workload(network, Precision.parse(variant), mode, threads)::rowsPerSecond);
  }

  private static Workload workload(
      BenchmarkNetwork benchmark, Precision precision, String mode, int threads) {
    Network network = benchmark.network().with(precision);
    return switch (mode) {
      case "train" ->
          new TrainingWork(
              network, benchmark.classes(), new Sgd(0.9, false), threads, benchmark.batchSize());
      case "infer" ->
          new PredictionWork(network, benchmark.classes(), threads, benchmark.batchSize());
      default ->
          throw new IllegalArgumentException(
              "Mode: expected train or infer. Received: '" + mode + "'.");
    };
  }
}
