package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.inference.ClassifierNetwork;
import dev.fovea.spark.inference.TrainedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CnnClassificationModelSparkTest {
  private static CnnClassificationModel model;

  @TempDir Path directory;

  private final Dataset<Row> data = Images.leftRight(37, 9);

  @BeforeAll
  static void fit() {
    model =
        new CnnClassifier()
            .setFeaturesCol("image")
            .setNetwork(Images.NETWORK)
            .setBatchSize(16)
            .setMaxEpochs(2)
            .fit(Images.leftRight(64, 1));
  }

  private static List<Row> probabilities(CnnClassificationModel model, Dataset<Row> data) {
    return model
        .transform(data)
        .select("image.origin", "rawPrediction", "probability")
        .sort("origin")
        .collectAsList();
  }

  private static CnnClassificationModel copy() {
    return model.copy(ParamMap.empty());
  }

  @Test
  void probabilitiesAreTheSoftmaxOfTheRawPrediction() {
    for (Row row : probabilities(model, data)) {
      Vector raw = row.getAs(1);
      Vector probability = row.getAs(2);
      assertThat(probability.apply(0) + probability.apply(1)).isCloseTo(1, within(1e-15));
      assertThat(model.raw2probability(raw)).isEqualTo(probability);
      double odds = Math.exp(raw.apply(1) - raw.apply(0));
      assertThat(probability.apply(1)).isCloseTo(odds / (1 + odds), within(1e-12));
    }
  }

  @Test
  void aRowDoesNotDependOnTheRowsAroundIt() {
    List<Row> expected = probabilities(model, data);
    for (int batch : new int[] {1, 2, 7, 64}) {
      assertThat(probabilities(copy().setInferenceBatchSize(batch), data)).isEqualTo(expected);
    }
    assertThat(probabilities(model, data.repartition(3, functions.col("features"))))
        .isEqualTo(expected);
  }

  @Test
  void singleRowsGetTheSamePrediction() {
    for (Row row : model.transform(data.limit(3)).collectAsList()) {
      Object image = row.getAs("image");
      assertThat(model.predictRaw(image)).isEqualTo(row.getAs("rawPrediction"));
      assertThat(model.predictProbability(image)).isEqualTo(row.getAs("probability"));
      assertThat(model.predict(image)).isEqualTo((double) row.getAs("prediction"));
    }
    assertThatThrownBy(() -> model.predict(Vectors.dense(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSingleBadRowIsRefused() {
    assertThatThrownBy(() -> model.predict(Images.image("a", 1, 1, 3, new byte[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Column 'image': expected an image of 1 channel. Received: 3 channels (origin 'a')."
                + " Convert the image, or give the network an Input of that many channels.");
  }

  @Test
  void thresholdsAreHonoured() {
    CnnClassificationModel strict = copy().setThresholds(new double[] {1.0, 1e-9});
    for (Row row : strict.transform(data).collectAsList()) {
      assertThat((double) row.getAs("prediction")).isEqualTo(1);
      assertThat(strict.probability2prediction(row.getAs("probability"))).isEqualTo(1);
    }
  }

  @Test
  void aThresholdOfZeroIsTakenAlikeForOneRowAndForMany() {
    Weights large = model.weights(); // so large that probabilities are 0 and 1
    for (int i = 0; i < large.count(); i++) {
      large.floats().put(i, 1000 * large.floats().get(i));
    }
    CnnClassificationModel sure =
        new CnnClassificationModel(
            "sure", new TrainedNetwork(ClassifierNetwork.of(model.trainedNetwork()), large));
    sure.setFeaturesCol("image").setThresholds(new double[] {1, 0});

    List<Row> rows = sure.transform(data).collectAsList();

    assertThat(rows).anyMatch(row -> row.<Vector>getAs("probability").apply(1) == 0);
    for (Row row : rows) {
      assertThat(sure.predict(row.getAs("image"))).isEqualTo((double) row.getAs("prediction"));
    }
  }

  @Test
  void columnsNamedNothingAreLeftOut() {
    CnnClassificationModel only = copy().setRawPredictionCol("").setPredictionCol("");
    assertThat(only.transform(data).columns())
        .containsExactly("image", "features", "label", "weight", "validation", "probability");
    assertThat(only.setProbabilityCol("").transform(data).columns()).isEqualTo(data.columns());
  }

  @Test
  void streamsAreTransformed() throws Exception {
    Path source = directory.resolve("source");
    data.write().parquet(source.toString());
    Dataset<Row> stream =
        SharedSpark.session().readStream().schema(data.schema()).parquet(source.toString());
    StreamingQuery query =
        model
            .transform(stream)
            .select("image.origin", "rawPrediction", "probability")
            .writeStream()
            .format("memory")
            .queryName("predictions")
            .start();
    try {
      query.processAllAvailable();
      assertThat(SharedSpark.session().table("predictions").sort("origin").collectAsList())
          .isEqualTo(probabilities(model, data));
    } finally {
      query.stop();
    }
  }

  @Test
  void aLoadedModelGivesTheSameBits() throws IOException {
    save();
    CnnClassificationModel loaded = load();
    assertThat(probabilities(loaded, data)).isEqualTo(probabilities(model, data));
    assertThat(loaded.weights().toArray()).isEqualTo(model.weights().toArray());
    assertThat(loaded.trainedNetwork()).isEqualTo(model.trainedNetwork());
    assertThat(loaded.summary().history()).isEqualTo(model.summary().history());
    assertThat(loaded.numClasses()).isEqualTo(2);
  }

  @Test
  void aSavedModelIsTextAndOpenFormats() throws IOException {
    save();
    assertThat(directory.resolve("model"))
        .isDirectoryContaining("glob:**/network.txt")
        .isDirectoryContaining("glob:**/weights.safetensors")
        .isDirectoryContaining("glob:**/history.json")
        .isDirectoryContaining("glob:**/metadata");
    assertThat(directory.resolve("model/network.txt")).hasContent(model.trainedNetwork().text());
  }

  @Test
  void aModelWithoutAHistoryLoads() throws IOException {
    save();
    assertThat(load().hasSummary()).isTrue();
    Files.delete(directory.resolve("model/history.json"));
    assertThat(load().hasSummary()).isFalse();
  }

  @Test
  void aDamagedHistoryCostsTheSummaryAlone() throws IOException {
    save();
    Path history = directory.resolve("model/history.json");
    Files.writeString(history, Files.readString(history).replace("loss", "lost"));
    assertThat(load().hasSummary()).as("a wrong checksum").isFalse();
    Files.deleteIfExists(directory.resolve("model/.history.json.crc"));
    for (String damaged : List.of("{}", "{\"epochs\": [{}]}", "{\"epo", "")) {
      Files.writeString(history, damaged);
      assertThat(load().hasSummary()).as(damaged).isFalse();
    }
    assertThat(probabilities(load(), data)).isEqualTo(probabilities(model, data));
  }

  @Test
  void aTruncatedWeightsFileIsRefused() throws IOException {
    save();
    Path file = directory.resolve("model/weights.safetensors");
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 10));
    Files.deleteIfExists(directory.resolve("model/.weights.safetensors.crc"));
    assertThatThrownBy(this::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Weights file "
                + directory.resolve("model/weights.safetensors")
                + ": expected 680 bytes of tensors. Received: 670 (the file is truncated). Save the"
                + " model again or restore the file.");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    save();
    Files.delete(directory.resolve("model/weights.safetensors"));
    assertThatThrownBy(this::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Model directory "
                + directory.resolve("model")
                + ": expected a file weights.safetensors. Received: none. Save the model again or"
                + " restore the file.");
  }

  @Test
  void aBrokenNetworkFileIsNamed() throws IOException {
    save();
    Files.writeString(directory.resolve("model/network.txt"), "image Input\n");
    Files.deleteIfExists(directory.resolve("model/.network.txt.crc"));
    assertThatThrownBy(this::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Network file " + directory.resolve("model/network.txt") + ": Layer 'image'");
  }

  @Test
  void aBadRowStopsTransformWithItsPlace() {
    Dataset<Row> bad =
        data.repartition(1)
            .sort("features")
            .coalesce(1)
            .withColumn("image", functions.expr("if(image.origin = 'row30', null, image)"));
    long row = bad.select("image.origin").as(Encoders.STRING()).collectAsList().indexOf(null);
    assertThatThrownBy(() -> model.transform(bad).collectAsList())
        .rootCause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Partition 0, row " + row + ", column 'image': expected an image. Received: null.");
    assertThat(copy().setHandleInvalid("skip").transform(bad).count()).isEqualTo(36);
  }

  @Test
  void aCopyKeepsWhatTheModelHas() {
    CnnClassificationModel copy = model.copy(ParamMap.empty().put(model.resize(), true));
    assertThat(copy.getResize()).isTrue();
    assertThat(model.getResize()).isFalse();
    assertThat(copy.uid()).isEqualTo(model.uid());
    assertThat(copy.summary()).isSameAs(model.summary());
  }

  private void save() throws IOException {
    model.write().save(directory.resolve("model").toString());
  }

  private CnnClassificationModel load() {
    return CnnClassificationModel.load(directory.resolve("model").toString());
  }
}
