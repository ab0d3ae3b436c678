package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  @Test
  void countsPrecisionAndRecall() {
    ConfusionMatrix matrix = matrix(new long[][] {{8, 2, 0}, {1, 9, 0}, {0, 0, 0}});

    assertThat(matrix.total()).isEqualTo(20);
    assertThat(matrix.correct()).isEqualTo(17);
    assertThat(matrix.precision(0)).isEqualTo(8 / 9.0);
    assertThat(matrix.recall(0)).isEqualTo(0.8);
    assertThat(matrix.precision(1)).isEqualTo(9 / 11.0);
    assertThat(matrix.recall(1)).isEqualTo(0.9);
    assertThat(matrix.precision(2)).isNaN();
    assertThat(matrix.recall(2)).isNaN();
  }

  @Test
  void printsAccuracyWithItsCounts() {
    assertThat(matrix(new long[][] {{9000, 500}, {363, 137}}).accuracyText())
        .isEqualTo("Test accuracy: 91.37 % (9,137 of 10,000)");
  }

  @Test
  void printsATable() {
    assertThat(matrix(new long[][] {{8, 2, 0}, {1, 1009, 0}, {0, 0, 0}}).table())
        .isEqualTo(
            """
                            0       1       2     recall
            0 zero          8       2       .     80.0 %
            1 one           1    1009       .     99.9 %
            2 two           .       .       .          -
            precision  88.9 %  99.8 %       -
            """);
  }

  private static ConfusionMatrix matrix(long[][] counts) {
    ConfusionMatrix matrix =
        new ConfusionMatrix(List.of("zero", "one", "two").subList(0, counts.length));
    for (int label = 0; label < counts.length; label++) {
      for (int prediction = 0; prediction < counts.length; prediction++) {
        for (long i = 0; i < counts[label][prediction]; i++) {
          matrix.add(label, prediction);
        }
      }
    }
    return matrix;
  }
}
