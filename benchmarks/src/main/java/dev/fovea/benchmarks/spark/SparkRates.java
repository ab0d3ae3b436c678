package dev.fovea.benchmarks.spark;

import dev.fovea.benchmarks.core.PredictionWork;
import dev.fovea.benchmarks.core.TrainingWork;
import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.spark.CnnClassificationModel;
import dev.fovea.spark.CnnClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows a second of one network, bare and in Spark, measured in turns: the core between the epochs
 * of a fit, and between calls of transform. So what slows the machine for a while slows both.
 *
 * @param rates of each turn
 * @param fitEndToEnd rows of all epochs through the time of a whole call, beside which nothing runs
 * @param rows in the DataFrame that is trained on
 * @param transformRows in the one that is transformed: the same rows as often as it takes for the
 *     fixed cost of a call of Spark to be a small part
 */
public record SparkRates(Contest<Side> rates, double fitEndToEnd, long rows, long transformRows) {
  /** Who takes turns. */
  public enum Side {
    /** Steps of the bare core, a lane a core. */
    TRAIN,
    /** An epoch of {@code fit}. */
    FIT,
    /** The bare core, a predictor a core. */
    PREDICT,
    /** All three output columns, thrown away as they come. */
    TRANSFORM
  }

  /** Passes over the rows that one fit makes. */
  public static final int EPOCHS = 8;

  private static final double EPOCH_SECONDS = 1.25; // about as long as an epoch is to take
  private static final double TRANSFORM_SECONDS = 5;
  private static final double CORE_SECONDS = 1; // a turn of the core
  private static final double STEP_SIZE = 1e-3; // random labels must not make training diverge
  private static final int PREDICT_ROWS = 64; // the default of inferenceBatchSize
  private static final int LEAST_STEPS = 8;

  /** Calls after which Java has compiled what of Spark plans a call and starts its tasks. */
  private static final int WARM_CALLS = 20;

  private static final int WARM_ROWS = 128;

  /**
   * Measures; leaves nothing in Spark's cache.
   *
   * @param rounds turns of transform, &gt; 0
   */
  public static SparkRates measure(SparkSession spark, SparkNetwork network, int rounds) {
    Contest<Side> rates = new Contest<>();
    int cores = Runtime.getRuntime().availableProcessors();
    try (TrainingWork training =
            new TrainingWork(
                network.network(),
                network.classes(),
                network.optimizer(),
                cores,
                network.batchSize());
        PredictionWork prediction =
            new PredictionWork(network.network(), network.classes(), cores, PREDICT_ROWS)) {
      double train = training.rowsPerSecond(EPOCH_SECONDS);
      long steps = Math.max(LEAST_STEPS, (long) (train * EPOCH_SECONDS / network.batchSize()));
      long rows = steps * network.batchSize();
      Dataset<Row> images = SparkImages.cached(spark, network.input(), network.classes(), rows);
      try {
        CnnClassificationModel model = classifier(network).setMaxEpochs(1).fit(images);
        double endToEnd = fitEndToEnd(network, images, rows);
        fitInTurns(network, images, training, rates);
        double predict = prediction.rowsPerSecond(CORE_SECONDS);
        int times = (int) Math.ceil(predict * TRANSFORM_SECONDS / rows);
        warmUp(model, spark, network, times);
        for (int round = 0; round < rounds; round++) {
          rates.add(Side.PREDICT, prediction.rowsPerSecond(CORE_SECONDS));
          rates.add(Side.TRANSFORM, transform(model, images, rows, times));
        }
        return new SparkRates(rates, endToEnd, rows, rows * times);
      } finally {
        Dataset<Row> unused = images.unpersist(true);
      }
    }
  }

  /** The median rate of a side, rows a second. */
  public double rate(Side side) {
    return rates.rate(side).orElseThrow();
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

  private static double fitEndToEnd(SparkNetwork network, Dataset<Row> images, long rows) {
    long began = System.nanoTime();
    var unused = classifier(network).setMaxEpochs(EPOCHS).fit(images);
    return rows * EPOCHS * 1e9 / (System.nanoTime() - began);
  }

  private static void fitInTurns(
      SparkNetwork network, Dataset<Row> images, TrainingWork core, Contest<Side> rates) {
    EpochTurns turns =
        new EpochTurns(
            core,
            CORE_SECONDS,
            System::nanoTime,
            rate -> rates.add(Side.TRAIN, rate),
            rate -> rates.add(Side.FIT, rate));
    var unused =
        classifier(network).setMaxEpochs(EPOCHS + 1).addTrainingListener(turns).fit(images);
  }

  private static void warmUp(
      CnnClassificationModel model, SparkSession spark, SparkNetwork network, int times) {
    Dataset<Row> few = SparkImages.cached(spark, network.input(), network.classes(), WARM_ROWS);
    try {
      for (int call = 0; call < WARM_CALLS; call++) {
        double unused = transform(model, few, WARM_ROWS, times);
      }
    } finally {
      Dataset<Row> unused = few.unpersist(true);
    }
  }

  /** Transforms the rows so many times in one call; rows a second. */
  private static double transform(
      CnnClassificationModel model, Dataset<Row> images, long rows, int times) {
    Dataset<Row> repeated = images;
    for (int i = 1; i < times; i++) {
      repeated = repeated.union(images);
    }
    long began = System.nanoTime();
    model.transform(repeated).write().format("noop").mode("overwrite").save();
    return rows * times * 1e9 / (System.nanoTime() - began);
  }
}
