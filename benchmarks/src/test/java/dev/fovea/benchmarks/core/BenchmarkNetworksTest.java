package dev.fovea.benchmarks.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkNetworksTest {
  /** The counts that {@code sum(p.numel() for p in model.parameters())} prints in PyTorch. */
  @ParameterizedTest
  @CsvSource({"lenet5, 61706", "vgg_small, 3248202", "resnet20, 272474", "alexnet, 61100840"})
  void haveAsManyWeightsAsThoseOfPyTorch(String name, long weights) {
    NetworkDescription description = BenchmarkNetworks.named(name).network().describe();

    assertThat(
            description.parameters().stream()
                .filter(parameter -> !parameter.statistic())
                .mapToLong(ParameterInfo::count)
                .sum())
        .isEqualTo(weights);
  }

  /** conv1 28^2 * 25 * 6, conv2 10^2 * 150 * 16, then 400 * 120, 120 * 84, 84 * 10; by 2. */
  @Test
  void operationsAreThoseOfTheMatrixProducts() {
    Operations operations = Operations.of(BenchmarkNetworks.named("lenet5").network());
    double first = 2.0 * 784 * 150;
    double others = 2.0 * (100 * 2400 + 48000 + 10080 + 840);

    assertThat(operations.forward()).isCloseTo(first + others, within(0.5));
    assertThat(operations.step()).isCloseTo(2 * first + 3 * others, within(0.5));
  }

  @Test
  void aNetworkOfLayersThatTheLibraryLacksIsKnownByThem() {
    LibraryInfo library = NativeLibrary.info();
    LibraryInfo without =
        new LibraryInfo(
            library.version(),
            library.target(),
            library.targets(),
            library.layers().stream().filter(layer -> !layer.name().equals("Lstm")).toList(),
            library.optimizers());

    assertThat(BenchmarkNetworks.named("lstm_t28_h128").missingLayers(without))
        .containsExactly("Lstm");
    assertThat(BenchmarkNetworks.named("alexnet").missingLayers(without)).isEmpty();
  }

  @Test
  void everyNetworkThatTheLibraryKnowsCanBeTrained() {
    for (BenchmarkNetwork network : BenchmarkNetworks.all()) {
      if (network.missingLayers(NativeLibrary.info()).isEmpty()) {
        assertThat(network.network().describe().weightCount()).isPositive();
      }
    }
  }

  @Test
  void anUnknownNetworkIsRefused() {
    assertThatThrownBy(() -> BenchmarkNetworks.named("lenet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Network: expected one of lenet5, vgg_small, resnet20, alexnet, lstm_t28_h128,"
                + " lstm_t64_h128. Received: 'lenet'.");
  }

  @Test
  void workIsDoneAndCounted() {
    BenchmarkNetwork lenet = BenchmarkNetworks.named("lenet5");
    for (Workload work :
        List.of(
            new TrainingWork(lenet.imageNetwork(), lenet.classes(), new Sgd(0.9), 2, 8),
            new PredictionWork(lenet.network(), lenet.classes(), 2, 8))) {
      try (work) {
        assertThat(work.rowsPerSecond(0)).isPositive();
      }
    }
  }
}
