package dev.fovea.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.benchmarks.core.Operations;
import dev.fovea.benchmarks.engine.Comparison.Contender;
import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.benchmarks.engine.Engine;
import dev.fovea.benchmarks.engine.Mode;
import dev.fovea.benchmarks.engine.Precision;
import dev.fovea.benchmarks.engine.Variant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ThroughputTableTest {
  private static final BenchmarkNetwork LENET = BenchmarkNetworks.named("lenet5");
  private static final double FLOPS = Operations.of(LENET.network()).step();

  private final Engine fovea = engine(Engine.FOVEA, "Fovea", variant("float32", "Fovea"));
  private final Engine pytorch =
      engine(
          Engine.PYTORCH,
          "PyTorch",
          variant("nchw", "PyTorch eager"),
          variant("nhwc", "PyTorch eager"),
          variant("compile", "PyTorch compile"));
  private final List<String> lines = new ArrayList<>();

  @Test
  void showsTheBestOfAColumnAndTheRatioToTheBestPyTorch() {
    Contest<Contender> contest = new Contest<>();
    for (int round = 1; round <= 3; round++) {
      contest.add(contender(fovea, 0), 300 * round);
      contest.add(contender(pytorch, 0), 100 * round);
      contest.add(contender(pytorch, 1), 150 * round);
      contest.add(contender(pytorch, 2), 120 * round);
    }
    ThroughputTable table =
        new ThroughputTable(List.of(fovea, pytorch), OptionalDouble.of(600 * FLOPS), lines::add);

    table.add(LENET, 2, Mode.TRAIN, Precision.FLOAT32, contest);

    assertThat(lines)
        .containsExactly(
            "| network | mode | precision | threads | Fovea | PyTorch eager | PyTorch compile"
                + " | Fovea / best PyTorch | Fovea, of FMA peak |",
            "|---|---|---|---:|---:|---:|---:|---:|---:|",
            "| lenet5 | train | float32 | 2 | 600 | 300 nhwc | 240 | 2.00 | 50 % |");
  }

  @Test
  void whoDidNotTakePartHasNoFigure() {
    Contest<Contender> contest = new Contest<>();
    contest.add(contender(fovea, 0), 1000);
    ThroughputTable table =
        new ThroughputTable(List.of(fovea, pytorch), OptionalDouble.empty(), lines::add);

    table.add(LENET, 1, Mode.INFER, Precision.FLOAT32, contest);
    table.add(LENET, 1, Mode.INFER, Precision.BFLOAT16, new Contest<>());

    assertThat(lines)
        .hasSize(3)
        .last()
        .isEqualTo("| lenet5 | infer | float32 | 1 | 1,000 | – | – | – | – |");
  }

  private static Contender contender(Engine engine, int variant) {
    return new Contender(engine, engine.variants().get(variant));
  }

  private static Variant variant(String name, String column) {
    return new Variant(name, column, Precision.FLOAT32, EnumSet.allOf(Mode.class));
  }

  private static Engine engine(String key, String name, Variant... variants) {
    return new Engine(key, name, List.of(variants), List.of("unused"), Map.of());
  }
}
