package dev.fovea.benchmarks.spark;

import dev.fovea.benchmarks.core.PredictionWork;
import dev.fovea.benchmarks.core.TrainingWork;
import dev.fovea.benchmarks.core.Workload;
import dev.fovea.benchmarks.engine.Comparison.Timing;
import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.spark.CnnClassificationModel;
import dev.fovea.spark.CnnClassifier;
import dev.fovea.spark.training.TrainingEpoch;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows a second of one network, bare and in Spark; the bare core is the median of rounds before and
 * after Spark.
 *
 * @param train steps of the bare core, a lane a core
 * @param fitSteady the median epoch, as the history reports it
 * @param fitEndToEnd rows of all epochs through the time of the whole call
 * @param predict the bare core, a predictor a core
 * @param transform all three output columns, thrown away as they come
 * @param rows in the DataFrame that is trained on
 * @param transformRows in the one that is transformed: the same rows as often as it takes for the
 *     fixed cost of a call of Spark to be a small part
 */
public record SparkRates(
    double train,
    double fitSteady,
    double fitEndToEnd,
    double predict,
    double transform,
    long rows,
    long transformRows) {
  /** Passes over the rows that one fit makes. */
  public static final int EPOCHS = 4;

  private static final double EPOCH_SECONDS = 2.5; // about as long as an epoch is to take
  private static final double TRANSFORM_SECONDS = 5;
  private static final double STEP_SIZE = 1e-3; // random labels must not make training diverge
  private static final int PREDICT_ROWS = 64; // the default of inferenceBatchSize
  private static final int LEAST_STEPS = 8;

  /** Measures; leaves nothing in Spark's cache. */
  public static SparkRates measure(SparkSession spark, SparkNetwork network, Timing timing) {
    Contest<String> core = new Contest<>();
    measureCore(network, timing, core);
    int batch = network.batchSize();
    long steps = Math.max(LEAST_STEPS, (long) (rate(core, "train") * EPOCH_SECONDS / batch));
    long rows = steps * batch;
    Dataset<Row> images = SparkImages.cached(spark, network.input(), network.classes(), rows);
    try {
      CnnClassifier classifier = classifier(network);
      CnnClassificationModel warm = classifier.setMaxEpochs(1).fit(images);
      long begin = System.nanoTime();
      CnnClassificationModel model = classifier.setMaxEpochs(EPOCHS).fit(images);
      double endToEnd = rows * EPOCHS * 1e9 / (System.nanoTime() - begin);
      Contest<String> inSpark = new Contest<>();
      int times = (int) Math.ceil(rate(core, "predict") * TRANSFORM_SECONDS / rows);
      Dataset<Row> repeated = repeated(images, times);
      transform(warm, repeated);
      for (int round = 0; round < timing.rounds(); round++) {
        long began = System.nanoTime();
        transform(model, repeated);
        inSpark.add("transform", rows * times * 1e9 / (System.nanoTime() - began));
      }
      measureCore(network, timing, core);
      return new SparkRates(
          rate(core, "train"),
          medianEpoch(model),
          endToEnd,
          rate(core, "predict"),
          rate(inSpark, "transform"),
          rows,
          rows * times);
    } finally {
      Dataset<Row> unused = images.unpersist(true);
    }
  }

  static CnnClassifier classifier(SparkNetwork network) {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setLabelCol("label")
        .setNetwork(network.network())
        .setOptimizer(network.optimizer())
        .setStepSize(STEP_SIZE)
        .setBatchSize(network.batchSize());
  }

  private static double medianEpoch(CnnClassificationModel model) {
    Contest<String> epochs = new Contest<>();
    for (TrainingEpoch epoch : model.summary().history().epochs()) {
      epochs.add("epoch", epoch.rowsPerSecond());
    }
    return rate(epochs, "epoch");
  }

  private static Dataset<Row> repeated(Dataset<Row> images, int times) {
    Dataset<Row> all = images;
    for (int i = 1; i < times; i++) {
      all = all.union(images);
    }
    return all;
  }

  private static void transform(CnnClassificationModel model, Dataset<Row> images) {
    model.transform(images).write().format("noop").mode("overwrite").save();
  }

  private static void measureCore(SparkNetwork network, Timing timing, Contest<String> core) {
    int cores = Runtime.getRuntime().availableProcessors();
    record Named(String name, Supplier<Workload> make) {}
    List<Named> works =
        List.of(
            new Named(
                "train",
                () ->
                    new TrainingWork(
                        network.network(),
                        network.classes(),
                        network.optimizer(),
                        cores,
                        network.batchSize())),
            new Named(
                "predict",
                () ->
                    new PredictionWork(network.network(), network.classes(), cores, PREDICT_ROWS)));
    for (Named work : works) {
      try (Workload workload = work.make().get()) {
        double unused = workload.rowsPerSecond(timing.seconds());
        for (int round = 0; round < timing.rounds(); round++) {
          core.add(work.name(), workload.rowsPerSecond(timing.seconds()));
        }
      }
    }
  }

  private static double rate(Contest<String> contest, String name) {
    return contest.rate(name).orElseThrow();
  }
}
