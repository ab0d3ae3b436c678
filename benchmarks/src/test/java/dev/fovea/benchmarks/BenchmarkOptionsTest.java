package dev.fovea.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.benchmarks.engine.Engines;
import dev.fovea.benchmarks.engine.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkOptionsTest {
  @Test
  void withoutOptionsFoveaAloneIsMeasuredOnOneThreadAndOnAll() {
    BenchmarkOptions options = BenchmarkOptions.parse(4, false);

    assertThat(options)
        .isEqualTo(
            new BenchmarkOptions(
                BenchmarkOptions.TABLES,
                BenchmarkNetworks.names(),
                List.of("fovea"),
                List.of(Precision.FLOAT32),
                List.of(1, 4),
                0.4,
                5,
                8,
                100,
                32,
                false));
    assertThat(options.peers()).isFalse();
  }

  @Test
  void oneCoreIsMeasuredOnce() {
    assertThat(BenchmarkOptions.parse(1, false).threads()).containsExactly(1);
  }

  @Test
  void theCpuDecidesWhetherBfloat16IsMeasured() {
    assertThat(BenchmarkOptions.parse(2, true).precisions())
        .containsExactly(Precision.FLOAT32, Precision.BFLOAT16);
    assertThat(BenchmarkOptions.parse(2, false, "--precisions", "bfloat16").precisions())
        .containsExactly(Precision.BFLOAT16);
  }

  @Test
  void peersMeansEveryEngine() {
    BenchmarkOptions options = BenchmarkOptions.parse(2, false, "--peers");

    assertThat(options.engines()).isEqualTo(Engines.KEYS);
    assertThat(options.peers()).isTrue();
  }

  @Test
  void listsKeepTheOrderOfTheTables() {
    BenchmarkOptions options =
        BenchmarkOptions.parse(
            2,
            false,
            "--peers",
            "--engines",
            "pytorch,fovea",
            "--networks",
            "alexnet,lenet5",
            "--tables",
            "kernels,throughput",
            "--threads",
            "2,1",
            "--seconds",
            "0.1",
            "--rounds",
            "3");

    assertThat(options.engines()).containsExactly("fovea", "pytorch");
    assertThat(options.networks()).containsExactly("lenet5", "alexnet");
    assertThat(options.tables()).containsExactly("throughput", "kernels");
    assertThat(options.threads()).containsExactly(2, 1);
    assertThat(options.seconds()).isEqualTo(0.1);
    assertThat(options.rounds()).isEqualTo(3);
  }

  @Test
  void aSimulationComesAloneUnlessOtherTablesAreAskedFor() {
    assertThat(BenchmarkOptions.parse(2, false, "--simulate").tables())
        .containsExactly("simulation");
    assertThat(BenchmarkOptions.parse(2, false, "--simulate", "--tables", "memory").tables())
        .containsExactly("memory", "simulation");
    assertThat(BenchmarkOptions.parse(2, false).tables()).doesNotContain("simulation");
  }

  @Test
  void aSimulatedExecutorIsAsLargeAsOneSays() {
    BenchmarkOptions options =
        BenchmarkOptions.parse(
            2, false, "--simulate", "--cores", "16", "--gflops", "50.5", "--gradient-bits", "16");

    assertThat(options.cores()).isEqualTo(16);
    assertThat(options.gigaflops()).isEqualTo(50.5);
    assertThat(options.gradientBits()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fast | Command line: expected one of --peers, --tables, --networks, --engines,"
            + " --precisions, --threads, --seconds, --rounds, --simulate, --cores, --gflops,"
            + " --gradient-bits, --help. Received: '--fast'.",
        "--networks lenet | Option --networks: expected some of"
            + " lenet5,vgg_small,resnet20,alexnet,lstm_t28_h128,lstm_t64_h128. Received: 'lenet'.",
        "--engines tensorflow | Option --engines: expected some of"
            + " fovea,pytorch,onnxruntime,dl4j. Received: 'tensorflow'.",
        "--precisions int8 | Option --precisions: expected some of float32,bfloat16."
            + " Received: 'int8'.",
        "--tables all | Option --tables: expected some of throughput,memory,spark,exchange,kernels."
            + " Received: 'all'.",
        "--threads 1,0 | Option --threads: expected an integer > 0. Received: '0'.",
        "--rounds many | Option --rounds: expected an integer > 0. Received: 'many'.",
        "--seconds -1 | Option --seconds: expected a number > 0. Received: '-1'.",
        "--seconds long | Option --seconds: expected a number > 0. Received: 'long'.",
        "--cores 0 | Option --cores: expected an integer > 0. Received: '0'.",
        "--gflops infinite | Option --gflops: expected a number > 0. Received: 'infinite'.",
        "--seconds | Option --seconds: expected a value. Received: nothing.",
        "--seconds --peers | Option --seconds: expected a value. Received: '--peers'."
      })
  void saysWhatIsWrongWithAnOption(String arguments, String message) {
    assertThatThrownBy(() -> BenchmarkOptions.parse(2, false, arguments.split(" ", -1)))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }
}
