package dev.fovea.spark;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.runtime.LibraryInfo.TypeInfo;
import dev.fovea.core.runtime.NativeLibrary;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Every mistake a user can make, with the message they read; the first half starts no Spark job.
 */
class CnnClassifierErrorTest {
  private static final String IMAGE_OR_VECTOR =
      "expected an image (struct<origin:string,height:int,width:int,nChannels:int,mode:int,"
          + "data:binary>) or a Vector. Received: ";
  private static final String GET_FEATURES =
      " Set featuresCol, read images with spark.read().format(\"image\"), or assemble numbers with"
          + " VectorAssembler.";

  private final Dataset<Row> data = Images.leftRight(16, 1);

  private static CnnClassifier classifier() {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setNetwork(Images.NETWORK)
        .setBatchSize(4)
        .setMaxEpochs(1);
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  /** {@code fit} refuses with the message and without a job. */
  private static void refusesSchema(CnnClassifier classifier, Dataset<Row> data, String message) {
    try (SparkJobs jobs = SparkJobs.counting()) {
      refuses(() -> classifier.fit(data), message);
      refuses(() -> classifier.transformSchema(data.schema()), message);
      assertThat(jobs.started()).isZero();
    }
  }

  @Test
  void countingJobsCountsThem() {
    try (SparkJobs jobs = SparkJobs.counting()) {
      assertThat(data.repartition(2).count()).isEqualTo(16);
      assertThat(jobs.started()).isPositive();
    }
  }

  @Test
  void unknownLayerType() {
    refuses(
        () -> classifier().setNetwork(Images.NETWORK.replace("Relu", "Rleu")),
        "Layer 'relu' (Rleu, line 4): expected one of "
            + NativeLibrary.info().layers().stream().map(TypeInfo::name).collect(joining(", "))
            + ". Received: 'Rleu'.");
  }

  @Test
  void unknownOptimizerAndSchedule() {
    refuses(
        () -> classifier().setOptimizer("Adma"),
        "Optimizer: expected one of Adam, Sgd. Received: 'Adma'.");
    refuses(
        () -> classifier().setSchedule("Steps"),
        "Schedule: expected one of Constant, Step. Received: 'Steps'.");
  }

  @Test
  void shapeMismatch() {
    refusesSchema(
        classifier().setNetwork(Images.NETWORK.replace("kernel=2", "kernel=9")),
        data,
        "Layer 'pool' (MaxPool2d, line 5): expected an input [H, W, C] with H >= 9 and W >= 9."
            + " Received: [8, 8, 4].");
  }

  @Test
  void missingColumns() {
    String columns = " (columns: image, features, label, weight, validation). Set ";
    refusesSchema(
        classifier().setFeaturesCol("img"),
        data,
        "Param featuresCol: expected the name of a column. Received: 'img'"
            + columns
            + "featuresCol to one of them.");
    refusesSchema(
        classifier().setLabelCol("class"),
        data,
        "Param labelCol: expected the name of a column. Received: 'class'"
            + columns
            + "labelCol to one of them.");
    refusesSchema(
        classifier().setWeightCol("w"),
        data,
        "Param weightCol: expected the name of a column. Received: 'w'"
            + columns
            + "weightCol to one of them.");
    refusesSchema(
        classifier().setValidationIndicatorCol("v"),
        data,
        "Param validationIndicatorCol: expected the name of a column. Received: 'v'"
            + columns
            + "validationIndicatorCol to one of them.");
  }

  @Test
  void wrongColumnTypes() {
    refusesSchema(
        classifier().setFeaturesCol("label"),
        data,
        "Column 'label': " + IMAGE_OR_VECTOR + "double." + GET_FEATURES);
    refusesSchema(
        classifier(),
        data.withColumn("image", functions.expr("struct(image.origin, image.height)")),
        "Column 'image': " + IMAGE_OR_VECTOR + "struct<origin:string,height:int>." + GET_FEATURES);
    refusesSchema(
        classifier(),
        data.withColumn("label", functions.lit("left")),
        "Column 'label': expected a column of numbers. Received: string. Index the labels with"
            + " StringIndexer, or set labelCol.");
    refusesSchema(
        classifier().setWeightCol("validation"),
        data,
        "Column 'validation': expected a column of numbers. Received: boolean. Cast it, or set"
            + " weightCol.");
    refusesSchema(
        classifier().setValidationIndicatorCol("weight"),
        data,
        "Column 'weight': expected a boolean column. Received: double. Cast it, or set"
            + " validationIndicatorCol.");
  }

  @Test
  void outputColumnThatExists() {
    refusesSchema(
        classifier().setPredictionCol("weight"),
        data,
        "Param predictionCol: expected the name of a new column. Received: 'weight' (the data has"
            + " such a column). Set predictionCol to another name, or to \"\" to leave the column"
            + " out.");
  }

  @Test
  void vectorsWithoutAShape() {
    refusesSchema(
        new CnnClassifier(),
        data,
        "Param inputShape: expected height, width and channels for the Vector column 'features'."
            + " Received: nothing. Call setInputShape(28, 28, 1), or setNetwork.");
  }

  @Test
  void vectorsOfAnotherLengthAsTheirMetadataSays() {
    StructType schema =
        new StructType()
            .add(new AttributeGroup("features", 60).toStructField())
            .add("label", DataTypes.DoubleType);
    refuses(
        () -> new CnnClassifier().setInputShape(8, 8, 1).transformSchema(schema),
        "Column 'features': expected vectors of 64 numbers, for the input shape [8, 8, 1]."
            + " Received: 60 (from the metadata of the column). Set inputShape, or the network's"
            + " Input.");
  }

  @Test
  void bytesFromAVector() {
    refusesSchema(
        classifier().setFeaturesCol("features"),
        data,
        "Network: expected an Input of dtype float32 for the Vector column 'features'. Received:"
            + " uint8.");
  }

  @Test
  void shapesThatContradictEachOther() {
    refusesSchema(
        classifier().setInputShape(28, 28, 1),
        data,
        "Param inputShape: expected the shape of the network's Input, [8, 8, 1]. Received: [28, 28,"
            + " 1]. Leave inputShape out where there is a network.");
    refusesSchema(
        classifier()
            .setNetwork(
                """
                image  Input shape=64
                logits Dense units=2
                label  Target
                loss   SoftmaxCrossEntropy from=logits,label
                """),
        data,
        "Network: expected an Input [H, W, C] for the image column 'image'. Received: [64].");
  }

  @Test
  void networksThatAreNoClassifier() {
    refusesSchema(
        classifier().setNetwork("image Input shape=8,8,1\nlogits Dense units=2"),
        data,
        "Network: expected exactly one Target. Received: 0.");
    refusesSchema(
        classifier()
            .setNetwork(
                """
                image  Input shape=8,8,1
                other  Input shape=8,8,1
                sum    Add from=image,other
                logits Dense units=2
                label  Target
                loss   SoftmaxCrossEntropy from=logits,label
                """),
        data,
        "Network: expected exactly one Input. Received: 2.");
  }

  @Test
  void classesThatContradictTheMetadata() {
    Dataset<Row> labelled =
        data.withMetadata("label", NominalAttribute.defaultAttr().withNumValues(3).toMetadata());
    refusesSchema(
        classifier(),
        labelled,
        "Network: expected 3 numbers from 'logits', one for each class of column 'label'. Received:"
            + " 2.");
  }

  @Test
  void badLabels() {
    String fix = " Index the labels with StringIndexer, or set handleInvalid=skip.";
    String where = "Partition 0, row 5, column 'label': expected a label 0 to 1. Received: ";
    refuses(() -> classifier().fit(withLabel("cast(null as double)")), where + "null." + fix);
    refuses(() -> classifier().fit(withLabel("double('NaN')")), where + "NaN." + fix);
    refuses(() -> classifier().fit(withLabel("2.0")), where + "2." + fix);
    refuses(() -> classifier().fit(withLabel("-1.0")), where + "-1." + fix);
    refuses(() -> classifier().fit(withLabel("0.5")), where + "0.5." + fix);
    CnnClassifier withDefaultNetwork = new CnnClassifier().setFeaturesCol("image").setBatchSize(4);
    refuses(() -> withDefaultNetwork.fit(withLabel("0.5")), where + "0.5." + fix);
  }

  private Dataset<Row> withLabel(String value) {
    return data.withColumn(
        "label", functions.expr("if(image.origin = 'row5', " + value + ", label)"));
  }

  @Test
  void labelsThatAreIds() {
    refuses(
        () -> new CnnClassifier().setFeaturesCol("image").fit(withLabel("123456.0")),
        "Column 'label': expected labels 0 to k-1, k at most 10000. Received: a label 123456. Index"
            + " the labels with StringIndexer.");
    refuses(
        () ->
            new CnnClassifier()
                .setFeaturesCol("image")
                .fit(data.withColumn("label", functions.lit(-1))),
        "Column 'label': expected labels 0 to k-1, k at most 10000. Received: no label that is an"
            + " integer >= 0. Index the labels with StringIndexer.");
  }

  @Test
  void badWeightsAndIndicators() {
    refuses(
        () ->
            classifier()
                .setWeightCol("weight")
                .fit(
                    data.withColumn(
                        "weight", functions.expr("if(image.origin = 'row5', -2.0, 1)"))),
        "Partition 0, row 5, column 'weight': expected a finite number >= 0. Received: -2.");
    refuses(
        () ->
            classifier()
                .setValidationIndicatorCol("validation")
                .fit(
                    data.withColumn(
                        "validation",
                        functions.expr("if(image.origin = 'row5', null, validation)"))),
        "Partition 0, row 5, column 'validation': expected true or false. Received: null.");
  }

  @Test
  void imageOfAnotherSize() {
    refuses(
        () -> classifier().fit(withImage("4, 'width', 16, 'nChannels', 1")),
        "Partition 0, row 5, column 'image': expected an image of 8x8 pixels, height x width."
            + " Received: 4x16 (origin 'row5'). Set resize=true to bring images to the network's"
            + " size.");
  }

  @Test
  void imageOfOtherChannels() {
    refuses(
        () -> classifier().fit(withImage("4, 'width', 4, 'nChannels', 4")),
        "Partition 0, row 5, column 'image': expected an image of 1 channel. Received: 4 channels"
            + " (origin 'row5'). Convert the image, or give the network an Input of that many"
            + " channels.");
  }

  private Dataset<Row> withImage(String heightAndMore) {
    return data.withColumn(
        "image",
        functions.expr(
            "if(image.origin = 'row5', named_struct('origin', image.origin, 'height', "
                + heightAndMore
                + ", 'mode', 0, 'data', image.data), image)"));
  }

  @Test
  void noImageAtAll() {
    refuses(
        () ->
            new CnnClassifier()
                .setFeaturesCol("image")
                .fit(data.withColumn("image", functions.expr("if(label >= 0, null, image)"))),
        "Column 'image': expected at least one image. Received: none (every value is null or"
            + " undefined). Check the path and the format of the images.");
  }

  @Test
  void thresholdsOfAnotherNumber() {
    refusesSchema(
        classifier().setThresholds(new double[] {0.2, 0.3, 0.5}),
        data,
        "Param thresholds: expected 2 numbers, one for each class. Received: 3.");
  }

  @Test
  void aModelThatNobodyTrained() {
    assertThatThrownBy(() -> new CnnClassificationModel("mine").transform(data))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Model mine: expected a trained network. Received: none. Get the model from"
                + " CnnClassifier.fit or CnnClassificationModel.load.");
    assertThatThrownBy(() -> new CnnClassificationModel("mine").summary())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Model mine: expected a training summary. Received: a model without one.");
  }

  @Test
  void emptyData() {
    Dataset<Row> empty = data.limit(0);
    refuses(
        () -> new CnnClassifier().setFeaturesCol("image").fit(empty),
        "DataFrame: expected at least one row. Received: none. Check the source and its filters.");
    refuses(
        () -> classifier().fit(empty),
        "DataFrame: expected at least one training row. Received: none (validation rows: 0).");
  }

  @Test
  void batchSizeLargerThanTheData() {
    refuses(
        () -> classifier().setBatchSize(17).fit(data),
        "Param batchSize: expected at most the 16 training rows. Received: 17. Set a smaller"
            + " batchSize.");
  }
}
