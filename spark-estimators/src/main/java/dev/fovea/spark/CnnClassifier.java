package dev.fovea.spark;

import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.core.zoo.SmallCnn;
import dev.fovea.spark.data.Columns;
import dev.fovea.spark.inference.ClassifierNetwork;
import dev.fovea.spark.param.CnnParams;
import dev.fovea.spark.param.ImageParamSet;
import dev.fovea.spark.param.NetworkParamSet;
import dev.fovea.spark.param.PendingUid;
import dev.fovea.spark.training.TrainingListener;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Learns to tell classes of images apart with a convolutional network, trained on all executors
 * side by side.
 *
 * <p>The features column holds images (Spark's image schema: 8-bit gray, BGR or BGRA, channels used
 * in that order) or vectors of height * width * channels numbers; labels are 0 to k-1. {@code
 * batchSize} counts the rows of a step over the whole cluster, so its shape does not change what is
 * learnt. The same data, params and seed give the same weights.
 *
 * <p>Without {@code network}, a {@link SmallCnn} is made from the shape of the input and the number
 * of classes. It maps pixels 0 to 255 to -1 to 1 (mean 127.5, std 127.5) and takes vectors as they
 * are. A network of your own reads the values as its Input line says: images may be {@code
 * dtype=uint8} or {@code float32} (four times the memory), vectors {@code float32}.
 *
 * <p>Wrong columns, params and shapes are found before any Spark job starts; bad rows as {@code
 * handleInvalid} says.
 */
public final class CnnClassifier
    extends ProbabilisticClassifier<Object, CnnClassifier, CnnClassificationModel>
    implements CnnParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private String uid; // no initialiser: super() asks for it, see PendingUid
  private final NetworkParamSet networkParamSet;
  private final ImageParamSet imageParamSet;
  private transient List<TrainingListener> listeners; // null: none

  public CnnClassifier() {
    this(Identifiable$.MODULE$.randomUID("cnnClassifier"));
  }

  public CnnClassifier(String uid) {
    this(PendingUid.stash(uid));
  }

  private CnnClassifier(PendingUid pending) {
    super();
    this.uid = uid();
    pending.clear();
    this.networkParamSet = new NetworkParamSet(this);
    this.imageParamSet = new ImageParamSet(this);
    setNetworkDefaults();
    setImageDefaults();
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

  /** Network text. Layers and attributes are checked here, shapes by {@code transformSchema}. */
  public CnnClassifier setNetwork(String text) {
    set(network(), text);
    return this;
  }

  public CnnClassifier setNetwork(Network value) {
    return setNetwork(value.text());
  }

  /** What the layers multiply: {@code float32} or {@code bfloat16}; kept in the model's network. */
  public CnnClassifier setPrecision(String value) {
    set(precision(), value);
    return this;
  }

  /** Height, width, channels. */
  public CnnClassifier setInputShape(int... value) {
    set(inputShape(), value);
    return this;
  }

  public CnnClassifier setResize(boolean value) {
    set(resize(), value);
    return this;
  }

  /** Rows of one step, over all replicas together. */
  public CnnClassifier setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  public CnnClassifier setMaxEpochs(int value) {
    set(maxEpochs(), value);
    return this;
  }

  /** Optimizer text, such as {@code Sgd momentum=0.9}. */
  public CnnClassifier setOptimizer(String text) {
    set(optimizer(), text);
    return this;
  }

  public CnnClassifier setOptimizer(Optimizer value) {
    return setOptimizer(value.text());
  }

  /** Learning rate before the schedule. */
  public CnnClassifier setStepSize(double value) {
    set(stepSize(), value);
    return this;
  }

  /** Schedule text, such as {@code Step epochs=3 factor=0.1}. */
  public CnnClassifier setSchedule(String text) {
    set(schedule(), text);
    return this;
  }

  public CnnClassifier setSchedule(LearningRateSchedule value) {
    return setSchedule(value.text());
  }

  public CnnClassifier setSeed(long value) {
    set(seed(), value);
    return this;
  }

  public CnnClassifier setWeightCol(String value) {
    set(weightCol(), value);
    return this;
  }

  public CnnClassifier setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return this;
  }

  /** {@code error} or {@code skip}. */
  public CnnClassifier setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  /** For the model: rows of one native call. */
  public CnnClassifier setInferenceBatchSize(int value) {
    set(inferenceBatchSize(), value);
    return this;
  }

  /** Memory outside the heap for the training rows of one executor, in MB. */
  public CnnClassifier setCacheMegabytes(int value) {
    set(cacheMegabytes(), value);
    return this;
  }

  /**
   * Directory for checkpoints, on any Hadoop file system. Each fit writes into a directory of its
   * own below it, {@code fit-...}, so the fits of a tuning can share it; one that goes on from such
   * a directory writes on into it.
   */
  public CnnClassifier setCheckpointDir(String value) {
    set(checkpointDir(), value);
    return this;
  }

  /** {@code 500 steps} or {@code 10 minutes}. */
  public CnnClassifier setCheckpointInterval(String text) {
    set(checkpointInterval(), text);
    return this;
  }

  /** How many of the newest checkpoints are kept. */
  public CnnClassifier setCheckpointsKept(int value) {
    set(checkpointsKept(), value);
    return this;
  }

  /**
   * A checkpoint to go on from; or for its newest a directory with the checkpoints of one fit: that
   * of the fit, or checkpointDir where there is one fit in it.
   */
  public CnnClassifier setResumeFrom(String value) {
    set(resumeFrom(), value);
    return this;
  }

  /** How often a failed Spark job is begun again. */
  public CnnClassifier setMaxRestarts(int value) {
    set(maxRestarts(), value);
    return this;
  }

  /** Working copies of the network that share each step. */
  public CnnClassifier setReplicas(int value) {
    set(replicas(), value);
    return this;
  }

  /** Seconds to wait for all replicas. */
  public CnnClassifier setRendezvousTimeout(int value) {
    set(rendezvousTimeout(), value);
    return this;
  }

  /** {@code none} or {@code bfloat16}. */
  public CnnClassifier setGradientCompression(String value) {
    set(gradientCompression(), value);
    return this;
  }

  /** {@code driver}, {@code tree} or {@code auto}. */
  public CnnClassifier setTopology(String value) {
    set(topology(), value);
    return this;
  }

  /** True: after an epoch slow executors give training rows to fast ones, where that saves time. */
  public CnnClassifier setRebalance(boolean value) {
    set(rebalance(), value);
    return this;
  }

  /** Tells {@code listener} how training goes. Not a param: kept by copies, not by saved stages. */
  public CnnClassifier addTrainingListener(TrainingListener listener) {
    listeners = Stream.concat(listeners().stream(), Stream.of(listener)).toList();
    return this;
  }

  /**
   * The type that meta-estimators such as OneVsRest ask for: images, or vectors with inputShape.
   */
  @Override
  public DataType featuresDataType() {
    return isSet(inputShape()) ? SQLDataTypes.VectorType() : Columns.imageType();
  }

  /** Checks columns, params and network against each other; starts no Spark job. */
  @Override
  public StructType transformSchema(StructType schema) {
    CnnSchema.checkTrainingColumns(this, schema);
    int classes =
        CnnSchema.givenNetwork(this, schema)
            .map(ClassifierNetwork::classes)
            .orElseGet(() -> Columns.nominalClasses(schema.apply(getLabelCol())));
    if (classes > 0) {
      CnnSchema.checkThresholds(this, classes);
    }
    return CnnSchema.withOutputs(this, schema, classes);
  }

  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    return transformSchema(schema);
  }

  /** Called by {@code fit}, which has checked the schema and made the label a double. */
  @Override
  public CnnClassificationModel train(Dataset<?> dataset) {
    return new CnnTraining(this, dataset).run(uid(), listeners());
  }

  @Override
  public CnnClassifier copy(ParamMap extra) {
    CnnClassifier copy = defaultCopy(extra);
    copy.listeners = listeners();
    return copy;
  }

  public static MLReader<CnnClassifier> read() {
    return new DefaultParamsReader<>();
  }

  public static CnnClassifier load(String path) {
    return read().load(path);
  }

  private List<TrainingListener> listeners() {
    return listeners == null ? List.of() : listeners;
  }
}
