package dev.fovea.spark;

import dev.fovea.core.exchange.wire.GradientCompression;
import dev.fovea.core.layer.Numbers;
import dev.fovea.core.layer.Precision;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.zoo.SmallCnn;
import dev.fovea.spark.checkpoint.CheckpointInterval;
import dev.fovea.spark.checkpoint.CheckpointPlan;
import dev.fovea.spark.data.Columns;
import dev.fovea.spark.data.DataProbe;
import dev.fovea.spark.data.FeatureWriter;
import dev.fovea.spark.data.RecordLayout;
import dev.fovea.spark.data.SkippedRows;
import dev.fovea.spark.data.TrainingRecords;
import dev.fovea.spark.inference.ClassifierNetwork;
import dev.fovea.spark.inference.TrainedNetwork;
import dev.fovea.spark.param.CnnParams;
import dev.fovea.spark.training.ClusterPlan;
import dev.fovea.spark.training.SynchronousTrainer;
import dev.fovea.spark.training.TrainingListener;
import dev.fovea.spark.training.TrainingPlan;
import dev.fovea.spark.training.TrainingResult;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/** One {@code fit} of a {@link CnnClassifier}: from a checked data set to a model. */
final class CnnTraining {
  private static final Logger LOG = LoggerFactory.getLogger(CnnClassifier.class);

  /** Brings pixels 0 to 255 to -1 to 1. */
  private static final Numbers PIXEL_SCALE = Numbers.of(127.5);

  private static final int EVERY_CORE = 0;

  private final CnnParams params;
  private final Dataset<?> dataset;
  private final StructField features;

  CnnTraining(CnnParams params, Dataset<?> dataset) {
    this.params = params;
    this.dataset = dataset;
    this.features = CnnSchema.features(params, dataset.schema());
  }

  CnnClassificationModel run(String uid, List<TrainingListener> listeners) {
    ClassifierNetwork network =
        inPrecision(CnnSchema.givenNetwork(params, dataset.schema()).orElseGet(this::smallCnn));
    SkippedRows skipped = new SkippedRows();
    dataset.sparkSession().sparkContext().register(skipped, uid + " skipped rows");
    TrainingResult result =
        SynchronousTrainer.train(records(network, skipped), plan(network), listeners);
    if (!skipped.isZero()) {
      LOG.warn("{}: {} rows skipped (handleInvalid=skip)", uid, skipped.value());
    }
    CnnClassificationModel model =
        new CnnClassificationModel(uid, new TrainedNetwork(network, result.weights()));
    model.setSummary(Option.apply(new CnnTrainingSummary(result.history(), skipped.value())));
    return model;
  }

  private ClassifierNetwork inPrecision(ClassifierNetwork network) {
    if (!params.isSet(params.precision())) {
      return network;
    }
    return ClassifierNetwork.of(network.network().with(Precision.parse(params.getPrecision())));
  }

  /** The network of those who set none. Costs a Spark job for each thing that nothing tells. */
  private ClassifierNetwork smallCnn() {
    boolean image = Columns.isImage(features);
    Shape shape =
        params.isSet(params.inputShape())
            ? CnnSchema.inputShape(params)
            : DataProbe.imageShape(dataset, features.name());
    int nominal = Columns.nominalClasses(dataset.schema().apply(params.getLabelCol()));
    int classes = nominal > 0 ? nominal : DataProbe.classes(dataset, params.getLabelCol());
    return ClassifierNetwork.of(
        SmallCnn.network(
            shape,
            image ? DataType.UINT8 : DataType.FLOAT32,
            image ? PIXEL_SCALE : Numbers.of(0),
            image ? PIXEL_SCALE : Numbers.of(1),
            classes));
  }

  private Dataset<Row> records(ClassifierNetwork network, SkippedRows skipped) {
    return TrainingRecords.encode(
        dataset,
        CnnSchema.trainingColumns(params),
        RecordLayout.of(network.description(), network.input(), network.target()),
        FeatureWriter.of(features, network.shape(), network.dtype(), params.getResize()),
        network.classes(),
        params.skipsInvalid() ? skipped : null);
  }

  private TrainingPlan plan(ClassifierNetwork network) {
    return new TrainingPlan(
        network.network().text(),
        params.getOptimizer(),
        params.getStepSize(),
        params.getSchedule(),
        params.getBatchSize(),
        params.getMaxEpochs(),
        params.getSeed(),
        EVERY_CORE,
        TrainingPlan.DEFAULT_BUCKET_BYTES,
        params.isSet(params.cacheMegabytes()) ? (long) params.getCacheMegabytes() << 20 : 0,
        null,
        checkpoints(),
        cluster());
  }

  private CheckpointPlan checkpoints() {
    return new CheckpointPlan(
        params.isSet(params.checkpointDir()) ? params.getCheckpointDir() : "",
        CheckpointInterval.parse(params.getCheckpointInterval()),
        params.getCheckpointsKept(),
        params.isSet(params.resumeFrom()) ? params.getResumeFrom() : "");
  }

  private ClusterPlan cluster() {
    return new ClusterPlan(
        params.isSet(params.replicas()) ? params.getReplicas() : ClusterPlan.ONE_PER_EXECUTOR,
        params.getMaxRestarts(),
        TimeUnit.SECONDS.toMillis(params.getRendezvousTimeout()),
        GradientCompression.parse(params.getGradientCompression(), "Param gradientCompression"),
        params.getTopology(),
        params.getRebalance());
  }
}
