package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.network.Network;
import dev.fovea.spark.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CnnClassifierSparkTest {
  @TempDir Path directory;

  private static CnnClassifier classifier() {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setNetwork(Images.NETWORK)
        .setBatchSize(16)
        .setMaxEpochs(4)
        .setStepSize(0.01);
  }

  private static double accuracy(Dataset<Row> predicted) {
    return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
  }

  @Test
  void learnsImages() {
    CnnClassificationModel model = classifier().fit(Images.leftRight(64, 1));
    Dataset<Row> predicted = model.transform(Images.leftRight(32, 2));
    assertThat(accuracy(predicted)).isEqualTo(1);
    assertThat(new BinaryClassificationEvaluator().evaluate(predicted)).isEqualTo(1);
    double logLoss =
        new MulticlassClassificationEvaluator().setMetricName("logLoss").evaluate(predicted);
    assertThat(logLoss).isLessThan(0.3);
  }

  @Test
  void learnsWithTheDefaultNetworkFromImagesAndFromVectors() {
    for (CnnClassifier classifier :
        List.of(
            new CnnClassifier().setFeaturesCol("image"),
            new CnnClassifier().setFeaturesCol("features").setInputShape(8, 8, 1))) {
      CnnClassificationModel model =
          classifier.setBatchSize(16).setMaxEpochs(6).fit(Images.leftRight(64, 1));
      assertThat(accuracy(model.transform(Images.leftRight(32, 2)))).isEqualTo(1);
      assertThat(model.numClasses()).isEqualTo(2);
      assertThat(model.numFeatures()).isEqualTo(64);
      assertThat(model.trainedNetwork().text()).contains("shape=8,8,1");
    }
  }

  @Test
  void theDefaultNetworkHasTheClassesOfTheMetadata() {
    Dataset<Row> data =
        Images.leftRight(64, 1)
            .withColumn("name", functions.expr("if(label = 0, 'left', 'right')"));
    StringIndexer indexer =
        new StringIndexer().setInputCol("name").setOutputCol("index").setHandleInvalid("keep");
    CnnClassifier classifier =
        new CnnClassifier().setFeaturesCol("image").setLabelCol("index").setMaxEpochs(1);
    PipelineModel model =
        new Pipeline()
            .setStages(new PipelineStage[] {indexer, classifier.setBatchSize(32)})
            .fit(data);
    assertThat(((CnnClassificationModel) model.stages()[1]).numClasses()).isEqualTo(3);
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    Dataset<Row> data = Images.leftRight(48, 3);
    float[] first = classifier().setSeed(5).fit(data).weights().toArray();
    float[] again = classifier().setSeed(5).fit(data).weights().toArray();
    float[] other = classifier().setSeed(6).fit(data).weights().toArray();
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void aPrecisionGoesIntoTheNetworkOfTheModel() throws IOException {
    Dataset<Row> data = Images.leftRight(64, 3);
    CnnClassificationModel full = classifier().fit(data);
    CnnClassificationModel rounded = classifier().setPrecision("bfloat16").fit(data);
    assertThat(rounded.trainedNetwork().text()).contains("precision=bfloat16");
    assertThat(full.trainedNetwork().text()).doesNotContain("precision");
    assertThat(rounded.weights().toArray())
        .isNotEqualTo(full.weights().toArray())
        .usingComparatorWithPrecision(0.02f)
        .containsExactly(full.weights().toArray());
    assertThat(accuracy(rounded.transform(Images.leftRight(32, 2)))).isEqualTo(1);

    String path = directory.resolve("rounded").toString();
    rounded.write().save(path);
    assertThat(CnnClassificationModel.load(path).trainedNetwork().text())
        .isEqualTo(rounded.trainedNetwork().text());
  }

  @Test
  void weightsOfOneAreNoWeights() {
    Dataset<Row> data = Images.leftRight(48, 3);
    float[] weighted = classifier().setWeightCol("weight").fit(data).weights().toArray();
    assertThat(weighted).isEqualTo(classifier().fit(data).weights().toArray());
  }

  @Test
  void rowsOfWeightZeroTeachNothing() {
    Dataset<Row> data =
        Images.leftRight(64, 3).withColumn("weight", functions.expr("if(label = 0, 0.0, 1.0)"));
    Dataset<Row> predicted =
        classifier().setWeightCol("weight").setMaxEpochs(8).fit(data).transform(data);
    assertThat(predicted.where("prediction = 0").count()).isZero();
  }

  @Test
  void validationRowsAreMeasuredAndNotTrainedOn() {
    Dataset<Row> data = Images.leftRight(64, 4);
    CnnTrainingSummary summary =
        classifier().setValidationIndicatorCol("validation").fit(data).summary();
    assertThat(summary.totalIterations()).isEqualTo(4);
    assertThat(summary.objectiveHistory()).hasSize(4);
    assertThat(summary.accuracyHistory()[3]).isEqualTo(1);
    assertThat(summary.validationAccuracyHistory()[3]).isEqualTo(1);
    assertThat(summary.validationLossHistory()[3]).isBetween(0.0, 0.3);
    assertThat(summary.history().epochs()).allMatch(epoch -> epoch.rows() == 48);
    assertThat(classifier().fit(data).summary().validationLossHistory()).containsOnly(Double.NaN);
  }

  @Test
  void validationRowsDoNotChangeTheWeights() {
    Dataset<Row> data = Images.leftRight(64, 4);
    Dataset<Row> mislabelled =
        data.withColumn("label", functions.expr("if(validation, 1 - label, label)"));
    CnnClassifier classifier = classifier().setValidationIndicatorCol("validation");
    CnnClassificationModel model = classifier.fit(mislabelled);
    assertThat(model.weights().toArray()).isEqualTo(classifier.fit(data).weights().toArray());
    assertThat(model.summary().validationAccuracyHistory()[3]).isZero();
  }

  @Test
  void aListenerHearsOfEveryEpochEvenInAPipeline() {
    List<Long> epochs = new ArrayList<>();
    CnnClassifier classifier =
        classifier()
            .addTrainingListener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochReport epoch) {
                    epochs.add(epoch.epoch());
                  }
                });
    new Pipeline()
        .setStages(new PipelineStage[] {classifier})
        .fit(Images.leftRight(32, 1), ParamMap.empty().put(classifier.maxEpochs(), 3));
    assertThat(epochs).containsExactly(0L, 1L, 2L);
  }

  @Test
  void crossValidationTunesAndIsSavedAndLoaded() throws IOException {
    CnnClassifier classifier = classifier();
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {classifier});
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(classifier.maxEpochs(), new int[] {1, 4})
            .addGrid(classifier.stepSize(), new double[] {1e-6, 1e-2})
            .build();
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(pipeline)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setParallelism(2)
            .setSeed(3);
    Dataset<Row> data = Images.leftRight(64, 5);
    CrossValidatorModel model = validator.fit(data);
    CnnClassificationModel best =
        (CnnClassificationModel) ((PipelineModel) model.bestModel()).stages()[0];
    assertThat(best.getMaxEpochs()).isEqualTo(4);
    assertThat(best.getStepSize()).isEqualTo(1e-2);

    validator.write().save(directory.resolve("validator").toString());
    model.write().save(directory.resolve("model").toString());
    assertThat(CrossValidator.load(directory.resolve("validator").toString()).getNumFolds())
        .isEqualTo(2);
    CrossValidatorModel loaded = CrossValidatorModel.load(directory.resolve("model").toString());
    assertThat(loaded.transform(data).collectAsList())
        .isEqualTo(model.transform(data).collectAsList());
  }

  @Test
  void worksAsOneVersusTheRest() {
    OneVsRest rest = new OneVsRest().setClassifier(classifier()).setFeaturesCol("image");
    Dataset<Row> data =
        Images.leftRight(64, 1)
            .withColumn("image", functions.col("image").cast(Images.nullableImage()));
    assertThat(accuracy(rest.fit(data).transform(data))).isEqualTo(1);
  }

  @Test
  void oneVersusTheRestHandsWeightsOn() {
    OneVsRest rest =
        new OneVsRest()
            .setClassifier(classifier().setMaxEpochs(8))
            .setFeaturesCol("image")
            .setWeightCol("weight");
    Dataset<Row> data =
        Images.leftRight(64, 1)
            .withColumn("image", functions.col("image").cast(Images.nullableImage()))
            .withColumn("weight", functions.expr("if(label = 0, 0.0, 1.0)"));
    assertThat(rest.fit(data).transform(data).where("prediction = 0").count()).isZero();
  }

  @Test
  void predictionsCarryNominalMetadata() {
    Dataset<Row> predicted =
        classifier().fit(Images.leftRight(32, 1)).transform(Images.leftRight(4, 2));
    Attribute attribute = Attribute.fromStructField(predicted.schema().apply("prediction"));
    assertThat(attribute).isInstanceOf(NominalAttribute.class);
    assertThat(((NominalAttribute) attribute).getNumValues().get()).isEqualTo(2);
  }

  @Test
  void metadataOfOtherColumnsIsKept() {
    Dataset<Row> data = Images.leftRight(32, 1).withColumn("name", functions.lit("a"));
    Dataset<Row> indexed =
        new StringIndexer().setInputCol("name").setOutputCol("index").fit(data).transform(data);
    CnnClassificationModel model = classifier().fit(data);
    for (String name : List.of("index", "the.index", "in`dex")) {
      Dataset<Row> named = indexed.withColumnRenamed("index", name);
      Dataset<Row> predicted = model.transform(named);
      assertThat(predicted.schema().apply(name)).isEqualTo(named.schema().apply(name));
      assertThat(predicted.schema().fieldNames())
          .startsWith(named.schema().fieldNames())
          .endsWith("rawPrediction", "probability", "prediction");
    }
  }

  @Test
  void aFloatInputReadsTheSameImages() {
    Network network = Network.parse(Images.NETWORK.replace("dtype=uint8", "dtype=float32"));
    Dataset<Row> data = Images.leftRight(32, 1);
    float[] floats = classifier().setNetwork(network).fit(data).weights().toArray();
    assertThat(floats).isEqualTo(classifier().fit(data).weights().toArray());
  }

  @Test
  void rowsOfBadImagesAreSkippedAndCounted() {
    Dataset<Row> data =
        Images.leftRight(64, 1)
            .withColumn("label", functions.expr("if(image.origin = 'row5', null, label)"))
            .withColumn("image", functions.expr("if(image.origin = 'row40', null, image)"));
    CnnClassificationModel model = classifier().setHandleInvalid("skip").fit(data);
    assertThat(model.summary().skippedRows()).isEqualTo(2);
    assertThat(model.summary().history().epochs()).allMatch(epoch -> epoch.rows() == 62);
    assertThat(model.transform(data).count()).isEqualTo(63);
  }

  @Test
  void imagesOfAnotherSizeAreResizedWhenAsked() {
    Dataset<Row> data = Images.leftRight(32, 1).union(Images.enlarged(16, 2));
    CnnClassificationModel model = classifier().setResize(true).setMaxEpochs(6).fit(data);
    assertThat(accuracy(model.transform(Images.enlarged(16, 3)))).isEqualTo(1);
  }

  @Test
  void emptyPartitionsAreNoTrouble() {
    Dataset<Row> data = Images.leftRight(32, 1).repartition(7, functions.lit(1));
    CnnClassificationModel model = classifier().fit(data);
    assertThat(model.transform(data).count()).isEqualTo(32);
    assertThat(model.transform(data.limit(0)).count()).isZero();
  }

  @Test
  void fitsSideBySideDoNotDisturbEachOther() throws Exception {
    Dataset<Row> data = Images.leftRight(48, 3);
    float[] alone = classifier().fit(data).weights().toArray();
    List<float[]> together = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread =
          new Thread(
              () -> {
                float[] weights = classifier().fit(data).weights().toArray();
                synchronized (together) {
                  together.add(weights);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(together).hasSize(2).allSatisfy(weights -> assertThat(weights).isEqualTo(alone));
  }
}
