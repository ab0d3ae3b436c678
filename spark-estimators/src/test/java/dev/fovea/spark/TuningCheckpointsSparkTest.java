package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fits of a tuning, some side by side, keep their checkpoints apart. */
class TuningCheckpointsSparkTest {
  private static final int FOLDS = 2;
  private static final int EPOCHS = 2;

  @TempDir Path directory;

  @Test
  void aCrossValidationWithCheckpointsIsTheSameWithoutThem() throws IOException {
    CnnClassifier plain = classifier();
    CnnClassifier checkpointed = classifier().setCheckpointDir(directory.toString());

    CrossValidatorModel expected = crossValidate(plain);
    CrossValidatorModel validated = crossValidate(checkpointed);

    assertThat(validated.avgMetrics()).isEqualTo(expected.avgMetrics());
    float[] best = weights(validated);
    assertThat(best).isEqualTo(weights(expected));
    List<Path> fits = fits();
    assertThat(fits).as("of each fold and step size, and the best on all rows").hasSize(5);
    assertThat(fits).allSatisfy(fit -> assertThat(fit.resolve("training.json")).exists());
  }

  @Test
  void anyFitOfATuningCanBeGoneOnWith() throws IOException {
    CnnClassifier classifier = classifier().setCheckpointDir(directory.toString());
    var unused =
        new TrainValidationSplit()
            .setEstimator(classifier)
            .setEvaluator(new MulticlassClassificationEvaluator())
            .setEstimatorParamMaps(new ParamMap[] {new ParamMap()})
            .setTrainRatio(0.5)
            .fit(rows());
    Path onAllRows =
        fits().stream()
            .filter(fit -> fit.getFileName().toString().equals("step-0000000008"))
            .map(Path::getParent)
            .findFirst()
            .orElseThrow();

    CnnClassificationModel more =
        classifier.setMaxEpochs(EPOCHS + 1).setResumeFrom(onAllRows.toString()).fit(rows());

    float[] expected = classifier().setMaxEpochs(EPOCHS + 1).fit(rows()).weights().toArray();
    assertThat(more.weights().toArray()).isEqualTo(expected);
    assertThat(onAllRows.resolve("step-0000000012")).as("written on into").exists();
  }

  private static CrossValidatorModel crossValidate(CnnClassifier classifier) {
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(classifier.stepSize(), new double[] {0.0001, 0.01}).build();
    return new CrossValidator()
        .setEstimator(classifier)
        .setEvaluator(new MulticlassClassificationEvaluator())
        .setEstimatorParamMaps(grid)
        .setNumFolds(FOLDS)
        .setParallelism(2)
        .fit(rows());
  }

  private static float[] weights(CrossValidatorModel model) {
    return ((CnnClassificationModel) model.bestModel()).weights().toArray();
  }

  /** The newest checkpoint of each. */
  private List<Path> fits() throws IOException {
    try (Stream<Path> fits = Files.list(directory)) {
      return fits.map(TuningCheckpointsSparkTest::newest).toList();
    }
  }

  private static Path newest(Path fit) {
    try (Stream<Path> checkpoints = Files.list(fit)) {
      return checkpoints.sorted().reduce((first, second) -> second).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Dataset<Row> rows() {
    return Images.leftRight(64, 1);
  }

  private static CnnClassifier classifier() {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setNetwork(Images.NETWORK)
        .setBatchSize(16)
        .setMaxEpochs(EPOCHS)
        .setStepSize(0.01);
  }
}
