package dev.fovea.benchmarks.spark;

import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.spark.CnnClassifier;
import dev.fovea.spark.training.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How fast {@code fit} trains on one executor and on several, measured in turns; by number of
 * replicas.
 *
 * @param rowsPerSecond of an epoch, as the history reports it
 * @param exposed milliseconds a step waits for the exchange
 * @param hiddenShare of the exchange's time, that in which the backward pass still runs; 0 to 1
 */
public record ScalingRates(
    Contest<Integer> rowsPerSecond, Contest<Integer> exposed, Contest<Integer> hiddenShare) {
  private static final int STEPS = 12;
  private static final int EPOCHS = 3; // the first warms up

  /** Measures; the session has as many executors as the largest of {@code replicas}. */
  public static ScalingRates measure(
      SparkSession spark, SparkNetwork network, List<Integer> replicas, int rounds) {
    ScalingRates rates = new ScalingRates(new Contest<>(), new Contest<>(), new Contest<>());
    long rows = (long) STEPS * network.batchSize();
    Dataset<Row> images = SparkImages.cached(spark, network.input(), network.classes(), rows);
    try {
      for (int round = 0; round < rounds; round++) {
        for (int count : replicas) {
          rates.fit(network, images, count);
        }
      }
      return rates;
    } finally {
      Dataset<Row> unused = images.unpersist(true);
    }
  }

  private void fit(SparkNetwork network, Dataset<Row> images, int replicas) {
    List<EpochReport> epochs = new ArrayList<>();
    CnnClassifier classifier =
        SparkRates.classifier(network)
            .setReplicas(replicas)
            .setMaxEpochs(EPOCHS)
            .addTrainingListener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochReport epoch) {
                    epochs.add(epoch);
                  }
                });
    var unused = classifier.fit(images);
    for (EpochReport epoch : epochs.subList(1, EPOCHS)) {
      StepNanos nanos = epoch.nanos();
      rowsPerSecond.add(replicas, epoch.rowsPerSecond());
      exposed.add(replicas, nanos.exchange() / 1e6 / STEPS);
      hiddenShare.add(
          replicas,
          (double) nanos.hiddenExchange() / Math.max(1, nanos.hiddenExchange() + nanos.exchange()));
    }
  }
}
