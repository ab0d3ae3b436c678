package dev.fovea.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTest {
  private final ParameterInfo weight = parameter("a.weight", 0, 20, 1, 0.1, false, -1);
  private final ParameterInfo bias = parameter("a.bias", 32, 3, 1, 0, false, -1);
  private final ParameterInfo mean = parameter("n.mean", 48, 3, 1, 0, false, 0.9);
  private final ParameterInfo variance = parameter("n.variance", 64, 3, 1, 0, false, 0.9);
  private final ParameterInfo frozen = parameter("f.weight", 80, 16, 1, 0, true, -1);
  private final ParameterInfo slow = parameter("s.bias", 96, 5, 0.1, 0, false, -1);

  @Test
  void neighboursWithEqualSettingsShareARunWithTheirPadding() {
    ParameterInfo next = parameter("b.bias", 48, 7, 1, 0, false, -1);

    assertThat(Run.of(List.of(bias, next))).containsExactly(new Run(32, 55, bias));
  }

  @Test
  void aRunEndsWhereSettingsChange() {
    assertThat(Run.of(List.of(weight, bias, mean, variance, frozen, slow)))
        .containsExactly(
            new Run(0, 20, weight),
            new Run(32, 35, bias),
            new Run(48, 67, mean),
            new Run(96, 101, slow));
  }

  @Test
  void aFrozenParameterPartsItsNeighbours() {
    ParameterInfo before = parameter("x.bias", 64, 16, 1, 0, false, -1);
    ParameterInfo after = parameter("y.bias", 96, 16, 1, 0, false, -1);

    assertThat(Run.of(List.of(before, frozen, after)))
        .containsExactly(new Run(64, 80, before), new Run(96, 112, after));
  }

  @Test
  void withoutParametersThereAreNoRuns() {
    assertThat(Run.of(List.of())).isEmpty();
    assertThat(Run.of(List.of(frozen))).isEmpty();
  }

  private static ParameterInfo parameter(
      String name, long offset, int count, double rate, double l2, boolean frozen, double decay) {
    return new ParameterInfo(name, offset, count, Shape.of(count), rate, l2, frozen, decay);
  }
}
