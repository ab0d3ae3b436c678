package dev.fovea.spark;

import dev.fovea.core.network.Network;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.data.FeatureWriter;
import dev.fovea.spark.inference.BatchPrediction;
import dev.fovea.spark.inference.ClassDecision;
import dev.fovea.spark.inference.OutputColumns;
import dev.fovea.spark.inference.TrainedNetwork;
import dev.fovea.spark.param.CnnParams;
import dev.fovea.spark.param.ImageParamSet;
import dev.fovea.spark.param.NetworkParamSet;
import dev.fovea.spark.param.PendingUid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * A trained convolutional classifier: gives each row a raw prediction (the logits), probabilities
 * (their softmax) and a class from 0.
 *
 * <p>{@code transform} runs batches of {@code inferenceBatchSize} rows natively, one plan per core
 * and executor, on batch and streaming data alike. The probabilities of a row do not depend on the
 * rows around it. Columns named "" are left out. With {@code handleInvalid=skip}, rows without a
 * usable image are left out of the result.
 *
 * <p>Saved as Spark metadata, {@code network.txt}, {@code weights.safetensors} and {@code
 * history.json}: text and open formats, no Java serialization.
 */
public final class CnnClassificationModel
    extends ProbabilisticClassificationModel<Object, CnnClassificationModel>
    implements CnnParams, HasTrainingSummary<CnnTrainingSummary>, MLWritable {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(CnnClassificationModel.class);

  private String uid; // no initialiser: super() asks for it, see PendingUid
  private final NetworkParamSet networkParamSet;
  private final ImageParamSet imageParamSet;
  private final TrainedNetwork trained; // null in a model that nobody trained
  private transient CnnTrainingSummary trainingSummary; // null: none

  /** A model without a network, for Spark's service loader and readers. */
  public CnnClassificationModel() {
    this(Identifiable$.MODULE$.randomUID("cnnClassifier"));
  }

  /** A model without a network, for Spark's service loader and readers. */
  public CnnClassificationModel(String uid) {
    this(uid, null);
  }

  CnnClassificationModel(String uid, TrainedNetwork trained) {
    this(PendingUid.stash(uid), trained);
  }

  private CnnClassificationModel(PendingUid pending, TrainedNetwork trained) {
    super();
    this.uid = uid();
    pending.clear();
    this.networkParamSet = new NetworkParamSet(this);
    this.imageParamSet = new ImageParamSet(this);
    setNetworkDefaults();
    setImageDefaults();
    this.trained = trained;
  }

  @Override
  public String uid() {
    return uid == null ? PendingUid.current() : uid;
  }

  @Override
  public NetworkParamSet networkParamSet() {
    return networkParamSet;
  }

  @Override
  public ImageParamSet imageParamSet() {
    return imageParamSet;
  }

  public CnnClassificationModel setResize(boolean value) {
    set(resize(), value);
    return this;
  }

  public CnnClassificationModel setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  public CnnClassificationModel setInferenceBatchSize(int value) {
    set(inferenceBatchSize(), value);
    return this;
  }

  /** The network that was trained, whether it was set or made. */
  public Network trainedNetwork() {
    return trained().network();
  }

  /** A copy of the weights, flat; {@code trainedNetwork().describe()} tells what lies where. */
  public Weights weights() {
    return trained().weights();
  }

  @Override
  public int numClasses() {
    return trained().classes();
  }

  /** Numbers in one row: height * width * channels. */
  @Override
  public int numFeatures() {
    return Math.toIntExact(trained().inputShape().size());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    CnnSchema.checkFeatures(
        this, CnnSchema.features(this, schema), trained().inputShape(), trained().inputType());
    CnnSchema.checkThresholds(this, numClasses());
    return CnnSchema.withOutputs(this, schema, numClasses());
  }

  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    return transformSchema(schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    OutputColumns outputs =
        new OutputColumns(
            !getRawPredictionCol().isEmpty(),
            !getProbabilityCol().isEmpty(),
            !getPredictionCol().isEmpty());
    StructField features = CnnSchema.features(this, dataset.schema());
    BatchPrediction.Plan plan =
        new BatchPrediction.Plan(
            dataset.schema().fieldIndex(features.name()),
            FeatureWriter.of(features, trained.inputShape(), trained.inputType(), getResize()),
            getInferenceBatchSize(),
            skipsInvalid(),
            outputs,
            decision());
    if (outputs.equals(OutputColumns.NONE)) {
      LOG.warn("{}: transform adds nothing, since all its columns are named \"\"", uid());
      return dataset.toDF();
    }
    Dataset<Row> result =
        dataset
            .toDF()
            .mapPartitions(
                new BatchPrediction(trained.broadcast(dataset.sparkSession().sparkContext()), plan),
                Encoders.row(schema));
    return withMetadata(result, schema);
  }

  /**
   * Gives back the metadata of the columns, which {@code mapPartitions} drops; all at once, since
   * Spark analyzes the plan anew each time.
   */
  private static Dataset<Row> withMetadata(Dataset<Row> dataset, StructType schema) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      if (!field.metadata().equals(Metadata.empty())) {
        Column same = functions.col("`" + field.name().replace("`", "``") + "`");
        columns.put(field.name(), same.as(field.name(), field.metadata()));
      }
    }
    return columns.isEmpty() ? dataset : dataset.withColumns(columns);
  }

  /** The logits of one row: an image row in Spark's order of fields, or a vector. */
  @Override
  public Vector predictRaw(Object features) {
    return Vectors.dense(trained().logits(features, getFeaturesCol(), getResize()));
  }

  @Override
  public Vector raw2probabilityInPlace(Vector rawPrediction) {
    ClassDecision.softmax(((DenseVector) rawPrediction).values());
    return rawPrediction;
  }

  /**
   * Raw, because javac finds the two generic ones that are inherited in conflict. Spark's own
   * {@code transform} and {@code evaluate} would call it; this class has neither.
   */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public scala.Tuple3 findSummaryModel() {
    return super.findSummaryModel();
  }

  @Override
  public Option<CnnTrainingSummary> trainingSummary() {
    return Option.apply(trainingSummary);
  }

  @Override
  @SuppressWarnings("MemberName") // what scalac calls a setter
  public void trainingSummary_$eq(Option<CnnTrainingSummary> summary) {
    trainingSummary = summary.isDefined() ? summary.get() : null;
  }

  /** How the training went; saved with the model. */
  @Override
  public CnnTrainingSummary summary() {
    if (!hasSummary()) {
      throw new IllegalStateException(
          "Model " + uid() + ": expected a training summary. Received: a model without one.");
    }
    return trainingSummary;
  }

  /** Shares the network and its broadcast with this model. */
  @Override
  public CnnClassificationModel copy(ParamMap extra) {
    CnnClassificationModel copy =
        copyValues(new CnnClassificationModel(uid(), trained), extra).setParent(parent());
    copy.trainingSummary = trainingSummary;
    return copy;
  }

  @Override
  public MLWriter write() {
    return new CnnModelWriter(this, trained());
  }

  public static MLReader<CnnClassificationModel> read() {
    return new CnnModelReader();
  }

  public static CnnClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "CnnClassificationModel: uid="
        + uid()
        + (trained == null ? "" : ", numClasses=" + numClasses());
  }

  private ClassDecision decision() {
    return new ClassDecision(isDefined(thresholds()) ? getThresholds() : null);
  }

  private TrainedNetwork trained() {
    return Optional.ofNullable(trained)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Model "
                        + uid()
                        + ": expected a trained network. Received: none. Get the model from"
                        + " CnnClassifier.fit or CnnClassificationModel.load."));
  }
}
