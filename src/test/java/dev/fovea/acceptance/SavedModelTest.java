package dev.fovea.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.spark.CnnClassificationModel;
import dev.fovea.spark.CnnClassifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {
  @TempDir Path directory;
  private SparkSession spark;

  @BeforeEach
  void startSpark() {
    spark = ModelProbabilities.session();
  }

  @AfterEach
  void stopSpark() {
    spark.stop();
  }

  @Test
  void aModelLoadedInAFreshJvmGivesTheSameBits() throws Exception {
    CnnClassificationModel model =
        new CnnClassifier()
            .setFeaturesCol("image")
            .setLabelCol("label")
            .setBatchSize(16)
            .setMaxEpochs(2)
            .fit(BandImages.of(spark, ModelProbabilities.ROWS));
    Path saved = directory.resolve("model");
    model.write().save(saved.toString());
    List<String> expected = ModelProbabilities.lines(model, spark);

    Path classes =
        Path.of(
            ModelProbabilities.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path printed = directory.resolve("probabilities.txt");
    ChildJvm.Result child =
        ChildJvm.run(
            directory,
            List.of(Repository.jar(), classes, Repository.lib().resolve("*")),
            List.of(
                ChildJvm.READABLE_LOG,
                ModelProbabilities.class.getName(),
                saved.toString(),
                printed.toString()));

    assertThat(child.status()).as(child.output()).isZero();
    assertThat(expected).hasSize(ModelProbabilities.ROWS).doesNotHaveDuplicates();
    assertThat(Files.readAllLines(printed)).isEqualTo(expected);
  }
}
