package dev.fovea.benchmarks.spark;

import dev.fovea.benchmarks.engine.ChildException;
import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.benchmarks.engine.Copies;
import dev.fovea.benchmarks.engine.Engines;
import dev.fovea.benchmarks.exchange.CpuLimits;
import dev.fovea.benchmarks.exchange.LocalCluster;
import dev.fovea.benchmarks.exchange.ProcessorTime;
import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.spark.CnnClassifier;
import dev.fovea.spark.training.TrainingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How fast {@code fit} trains on one executor and on several, measured in turns. Beside it, in the
 * same turns, as many bare cores that have nothing to do with each other: no exchange can make
 * executors on this machine gain more than these do.
 *
 * @param rowsPerSecond of an epoch, as the history reports it
 * @param exposed milliseconds a step waits for the exchange
 * @param hiddenShare of the exchange's time, that in which the backward pass still runs; 0 to 1
 * @param driverCpu milliseconds of a core that the driver's process works for a step
 * @param executorCpu the same of the executors' processes, together
 * @param bareCores rows a second of that many processes of one thread, together
 */
public record ScalingRates(
    Contest<Setting> rowsPerSecond,
    Contest<Setting> exposed,
    Contest<Setting> hiddenShare,
    Contest<Setting> driverCpu,
    Contest<Setting> executorCpu,
    Contest<Setting> bareCores) {
  private static final int ROWS = 1024; // of an epoch
  private static final int EPOCHS = 3; // the first warms up
  private static final double CORE_SECONDS = 4; // some steps: the last one's end is not shared

  /**
   * How one training runs.
   *
   * @param batchSize rows of a step, on all executors together
   * @param loneBatchSize rows of a step of the one executor that this training is compared with
   */
  public record Setting(int executors, int batchSize, int loneBatchSize) {
    /** One executor, compared with itself. */
    public static Setting lone(int batchSize) {
      return new Setting(1, batchSize, batchSize);
    }

    /** The same training on more executors, which share the rows of a step. */
    public Setting shared(int among) {
      return new Setting(among, batchSize, batchSize);
    }

    /** A training of more executors, each with as many rows of a step as this one. */
    public Setting multiplied(int by) {
      return new Setting(by, by * batchSize, batchSize);
    }

    /** What this is compared with. */
    public Setting lone() {
      return lone(loneBatchSize);
    }
  }

  /**
   * Measures; the cluster has as many executors as the largest setting.
   *
   * @param share of a core that an executor, or a bare core, may use; from 1 on there is no limit
   * @throws ChildException if a process with a bare core cannot train
   * @throws IOException if {@code share} asks for a limit where {@link CpuLimits} has none
   */
  public static ScalingRates measure(
      LocalCluster cluster,
      SparkNetwork network,
      double share,
      Collection<Setting> settings,
      int rounds)
      throws ChildException, IOException {
    ScalingRates rates =
        new ScalingRates(
            new Contest<>(),
            new Contest<>(),
            new Contest<>(),
            new Contest<>(),
            new Contest<>(),
            new Contest<>());
    int most = settings.stream().mapToInt(Setting::executors).max().orElseThrow();
    Dataset<Row> images =
        SparkImages.cached(cluster.session(), network.input(), network.classes(), ROWS);
    try (Copies cores = new Copies(Engines.fovea(), network.name(), most)) {
      for (Setting setting : settings) { // the JVMs of driver and executors compile meanwhile
        List<EpochReport> unused =
            fit(network, images, setting, new ArrayList<>(), new ArrayList<>());
      }
      if (share >= 1) {
        rates.measureInTurns(network, images, cores, settings, rounds);
        return rates;
      }
      List<ProcessHandle> processes = new ArrayList<>(cluster.executors());
      processes.addAll(cores.processes());
      try (CpuLimits unusedUntilClosed = CpuLimits.of(share, processes)) {
        rates.measureInTurns(network, images, cores, settings, rounds);
        return rates;
      }
    } finally {
      Dataset<Row> unused = images.unpersist(true);
    }
  }

  private void measureInTurns(
      SparkNetwork network,
      Dataset<Row> images,
      Copies cores,
      Collection<Setting> settings,
      int rounds)
      throws ChildException {
    for (int round = 0; round < rounds; round++) {
      for (Setting setting : settings) {
        bareCores.add(setting, cores.rowsPerSecond(setting.executors(), CORE_SECONDS));
        measureFit(network, images, setting);
      }
    }
  }

  private void measureFit(SparkNetwork network, Dataset<Row> images, Setting setting) {
    List<Long> cpuNanos = new ArrayList<>();
    List<Long> executorNanos = new ArrayList<>();
    double steps = Math.ceil((double) ROWS / setting.batchSize());
    List<EpochReport> epochs = fit(network, images, setting, cpuNanos, executorNanos);
    for (int i = 1; i < EPOCHS; i++) {
      EpochReport epoch = epochs.get(i);
      StepNanos nanos = epoch.nanos();
      rowsPerSecond.add(setting, epoch.rowsPerSecond());
      exposed.add(setting, nanos.exchange() / 1e6 / steps);
      hiddenShare.add(
          setting,
          (double) nanos.hiddenExchange() / Math.max(1, nanos.hiddenExchange() + nanos.exchange()));
      driverCpu.add(setting, (cpuNanos.get(i) - cpuNanos.get(i - 1)) / 1e6 / steps);
      executorCpu.add(setting, (executorNanos.get(i) - executorNanos.get(i - 1)) / 1e6 / steps);
    }
  }

  /**
   * Trains.
   *
   * @param cpuNanos gets the CPU time of this process at the end of each epoch
   * @param executorNanos gets that of its children, which are the executors and what waits
   */
  private static List<EpochReport> fit(
      SparkNetwork network,
      Dataset<Row> images,
      Setting setting,
      List<Long> cpuNanos,
      List<Long> executorNanos) {
    List<EpochReport> epochs = new ArrayList<>();
    CnnClassifier classifier =
        SparkRates.classifier(network.withBatchSize(setting.batchSize()))
            .setReplicas(setting.executors())
            .setMaxEpochs(EPOCHS)
            .addTrainingListener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochReport epoch) {
                    epochs.add(epoch);
                    cpuNanos.add(ProcessorTime.ofDriver());
                    executorNanos.add(ProcessorTime.ofExecutors());
                  }
                });
    var unused = classifier.fit(images);
    return epochs;
  }
}
