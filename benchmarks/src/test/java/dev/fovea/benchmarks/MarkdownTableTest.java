package dev.fovea.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTableTest {
  private final List<String> lines = new ArrayList<>();
  private final MarkdownTable table =
      new MarkdownTable(1, List.of("network", "rate", "ratio"), lines::add);

  @Test
  void wordsAreToTheLeftAndNumbersToTheRight() {
    table.row(List.of("lenet5", Figures.rate(1234.5), Figures.ratio(1.005)));
    table.row(List.of("alexnet", Figures.rate(36.04), ""));

    assertThat(lines)
        .containsExactly(
            "| network | rate | ratio |",
            "|---|---:|---:|",
            "| lenet5 | 1,235 | 1.01 |",
            "| alexnet | 36.0 | – |");
  }

  @Test
  void refusesARowThatHasNotACellForEachColumn() {
    assertThatThrownBy(() -> table.row(List.of("lenet5")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Table: expected 3 cells. Received: [lenet5].");
  }

  @Test
  void figuresHaveThreeDigitsOrMore() {
    assertThat(Figures.rate(8.756)).isEqualTo("8.76");
    assertThat(Figures.percent(0.876)).isEqualTo("88 %");
    assertThat(Figures.mebibytes(1536L << 20)).isEqualTo("1,536");
  }
}
