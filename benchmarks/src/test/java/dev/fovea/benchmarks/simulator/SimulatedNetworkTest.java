package dev.fovea.benchmarks.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.benchmarks.core.Operations;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
  @Test
  void theLargeNetworksHaveAsManyWeightsAsThoseOfTheirAuthors() {
    assertThat(weights(ImageNetNetworks.resnet50())).isEqualTo(25_557_032);
    assertThat(weights(ImageNetNetworks.vgg16())).isEqualTo(138_357_544);
  }

  /** 15.5 and 4.1 * 10^9 products a row. */
  @Test
  void theLargeNetworksHaveAsManyOperationsAsThoseOfTheirAuthors() {
    assertThat(Operations.of(ImageNetNetworks.vgg16().network()).forward())
        .isCloseTo(2 * 15.47e9, within(0.01e9));
    assertThat(Operations.of(ImageNetNetworks.resnet50().network()).forward())
        .isCloseTo(2 * 4.09e9, within(0.01e9));
  }

  @Test
  void bucketsAreThoseOfNativeAndCompleteOneAfterTheOther() {
    BenchmarkNetwork resnet = BenchmarkNetworks.named("resnet20");
    Operations operations = Operations.of(resnet.network());
    double speed = 1e12;

    SimulatedNetwork network = SimulatedNetwork.of(resnet, 32, speed, 1 << 16);

    assertThat(network.buckets()).isGreaterThan(3);
    assertThat(network.bytes())
        .isEqualTo(resnet.network().describe().weightCount() * (double) Float.BYTES);
    assertThat(network.bucketSeconds()).isSorted();
    assertThat(network.bucketSeconds().get(0)).isGreaterThan(32 * operations.forward() / speed);
    assertThat(network.computeSeconds()).isCloseTo(32 * operations.step() / speed, within(1e-9));
  }

  @Test
  void anIdleNetworkSendsAllAtOnce() {
    NetworkDescription description = BenchmarkNetworks.named("lenet5").network().describe();

    SimulatedNetwork network = SimulatedNetwork.idle(description);

    assertThat(network.computeSeconds()).isZero();
    assertThat(network.bytes()).isEqualTo(description.weightCount() * (double) Float.BYTES);
  }

  @Test
  void aLargerExecutorTakesMoreRowsInTheSameTime() {
    List<SimulatedRanks> small = SimulatedRanks.all(2, 1e11, 1);
    List<SimulatedRanks> large = SimulatedRanks.all(8, 1e11, 1);

    for (int i = 0; i < small.size(); i++) {
      assertThat(large.get(i).rows()).isEqualTo(4 * small.get(i).rows());
      assertThat(large.get(i).network().computeSeconds())
          .isCloseTo(small.get(i).network().computeSeconds(), within(1e-9));
    }
  }

  private static long weights(BenchmarkNetwork network) {
    return network.network().describe().parameters().stream()
        .filter(parameter -> !parameter.statistic())
        .mapToLong(ParameterInfo::count)
        .sum();
  }
}
