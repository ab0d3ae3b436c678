package dev.fovea.benchmarks.simulator;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.benchmarks.exchange.ExchangeNetwork;
import java.util.List;

/**
 * What each rank of a simulation trains.
 *
 * @param network with the times of a rank
 * @param rows of a rank in a step, however many ranks there are
 */
public record SimulatedRanks(SimulatedNetwork network, int rows) {
  /**
   * Small to large gradients.
   *
   * @param cores of an executor
   * @param operationsPerSecond of a core
   * @param gradientShare see {@link SimulatedNetwork}
   */
  public static List<SimulatedRanks> all(
      int cores, double operationsPerSecond, double gradientShare) {
    double speed = cores * operationsPerSecond;
    return List.of(
        of(BenchmarkNetworks.named("lenet5"), 128 * cores, speed, gradientShare),
        of(BenchmarkNetworks.named("resnet20"), 32 * cores, speed, gradientShare),
        of(ImageNetNetworks.resnet50(), 8 * cores, speed, gradientShare),
        of(ImageNetNetworks.vgg16(), 8 * cores, speed, gradientShare));
  }

  private static SimulatedRanks of(
      BenchmarkNetwork network, int rows, double speed, double gradientShare) {
    return new SimulatedRanks(
        SimulatedNetwork.of(network, rows, speed, ExchangeNetwork.BUCKET_BYTES)
            .withGradientShare(gradientShare),
        rows);
  }
}
