package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.optimizer.Adam;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.schedule.Constant;
import dev.fovea.core.schedule.Step;
import dev.fovea.core.text.RecordText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

/** The page about params says what the params say. */
class ParamsDocTest {
  private static final Path PAGE = Path.of("../docs/params.md");

  /** Spark declares these, and explains them otherwise in each version. */
  private static final Set<String> SPARKS =
      Set.of(
          "featuresCol",
          "labelCol",
          "predictionCol",
          "probabilityCol",
          "rawPredictionCol",
          "thresholds");

  @Test
  void everyParamHasARow() throws IOException {
    String page = Files.readString(PAGE);
    for (Param<?> param : new CnnClassifier().params()) {
      String meaning = SPARKS.contains(param.name()) ? "" : param.doc() + " |";
      assertThat(page).contains("\n| `" + param.name() + "` | " + meaning);
    }
  }

  @Test
  void everyRowIsAParam() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.matches("\\| `[a-z][A-Za-z]*` \\|.*"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    assertThat(rows).doesNotHaveDuplicates();
    for (String row : rows) {
      assertThat(new CnnClassifier().hasParam(row)).as(row).isTrue();
    }
  }

  @Test
  void optimizersAndSchedulesHaveTheirAttributes() throws IOException {
    String page = Files.readString(PAGE);
    for (Class<? extends Record> type :
        List.of(Adam.class, Sgd.class, Constant.class, Step.class)) {
      String attributes = String.join(" ", RecordText.declared(type));
      String cell = attributes.isEmpty() ? "| |" : "| `" + attributes + "` |";
      assertThat(page).contains("\n| `" + type.getSimpleName() + "` " + cell);
    }
  }
}
