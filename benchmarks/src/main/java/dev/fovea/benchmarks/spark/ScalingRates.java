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
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How fast {@code fit} trains on one executor and on several, measured in turns; by number of
 * replicas. Beside it, in the same turns, as many bare cores that have nothing to do with each
 * other: no exchange can make executors on this machine gain more than these do.
 *
 * @param rowsPerSecond of an epoch, as the history reports it
 * @param exposed milliseconds a step waits for the exchange
 * @param hiddenShare of the exchange's time, that in which the backward pass still runs; 0 to 1
 * @param driverCpu milliseconds of a core that the driver's process works for a step
 * @param executorCpu the same of the executors' processes, together
 * @param bareCores rows a second of that many processes of one thread, together
 */
public record ScalingRates(
    Contest<Integer> rowsPerSecond,
    Contest<Integer> exposed,
    Contest<Integer> hiddenShare,
    Contest<Integer> driverCpu,
    Contest<Integer> executorCpu,
    Contest<Integer> bareCores) {
  private static final int LEAST_STEPS = 6;
  private static final int ROWS = 768; // of an epoch, or more
  private static final int EPOCHS = 3; // the first warms up
  private static final double CORE_SECONDS = 2; // some steps: the last one's end is not shared

  /**
   * Measures; the cluster has as many executors as the largest of {@code replicas}.
   *
   * @param batchSize rows of a step, on all replicas together
   * @param share of a core that an executor, or a bare core, may use; from 1 on there is no limit
   * @throws ChildException if a process with a bare core cannot train
   * @throws IOException if {@code share} asks for a limit where {@link CpuLimits} has none
   */
  public static ScalingRates measure(
      LocalCluster cluster,
      SparkNetwork tested,
      int batchSize,
      double share,
      List<Integer> replicas,
      int rounds)
      throws ChildException, IOException {
    SparkNetwork network = tested.withBatchSize(batchSize);
    ScalingRates rates =
        new ScalingRates(
            new Contest<>(),
            new Contest<>(),
            new Contest<>(),
            new Contest<>(),
            new Contest<>(),
            new Contest<>());
    long rows = (long) steps(network) * batchSize;
    Dataset<Row> images =
        SparkImages.cached(cluster.session(), network.input(), network.classes(), rows);
    try (Copies cores = new Copies(Engines.fovea(), network.name(), Collections.max(replicas))) {
      if (share >= 1) {
        rates.measureInTurns(network, images, cores, replicas, rounds);
        return rates;
      }
      List<ProcessHandle> processes = new ArrayList<>(cluster.executors());
      processes.addAll(cores.processes());
      try (CpuLimits unusedUntilClosed = CpuLimits.of(share, processes)) {
        rates.measureInTurns(network, images, cores, replicas, rounds);
        return rates;
      }
    } finally {
      Dataset<Row> unused = images.unpersist(true);
    }
  }

  private void measureInTurns(
      SparkNetwork network, Dataset<Row> images, Copies cores, List<Integer> replicas, int rounds)
      throws ChildException {
    for (int count : replicas) { // the JVMs of driver and executors compile meanwhile
      List<EpochReport> unused = fit(network, images, count, new ArrayList<>(), new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int count : replicas) {
        bareCores.add(count, cores.rowsPerSecond(count, CORE_SECONDS));
        measureFit(network, images, count);
      }
    }
  }

  private void measureFit(SparkNetwork network, Dataset<Row> images, int replicas) {
    List<Long> cpuNanos = new ArrayList<>();
    List<Long> executorNanos = new ArrayList<>();
    int steps = steps(network);
    List<EpochReport> epochs = fit(network, images, replicas, cpuNanos, executorNanos);
    for (int i = 1; i < EPOCHS; i++) {
      EpochReport epoch = epochs.get(i);
      StepNanos nanos = epoch.nanos();
      rowsPerSecond.add(replicas, epoch.rowsPerSecond());
      exposed.add(replicas, nanos.exchange() / 1e6 / steps);
      hiddenShare.add(
          replicas,
          (double) nanos.hiddenExchange() / Math.max(1, nanos.hiddenExchange() + nanos.exchange()));
      driverCpu.add(replicas, (cpuNanos.get(i) - cpuNanos.get(i - 1)) / 1e6 / steps);
      executorCpu.add(replicas, (executorNanos.get(i) - executorNanos.get(i - 1)) / 1e6 / steps);
    }
  }

  private static int steps(SparkNetwork network) {
    return Math.max(LEAST_STEPS, ROWS / network.batchSize());
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
      int replicas,
      List<Long> cpuNanos,
      List<Long> executorNanos) {
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
                    cpuNanos.add(ProcessorTime.ofDriver());
                    executorNanos.add(ProcessorTime.ofExecutors());
                  }
                });
    var unused = classifier.fit(images);
    return epochs;
  }
}
