package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.checkpoint.Checkpoint;
import dev.fovea.spark.checkpoint.TrainingCheckpoints;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains a network on the rows of a data set, on the driver: opens the endpoint of the exchange,
 * submits one Spark job of long-lived tasks, one for each rank, and returns when the last epoch is
 * done. On a local master there is one rank, in this JVM, with a lane for each core; elsewhere one
 * on each executor.
 *
 * <p>The same records, plan, ranks and lanes give the same weights, bit for bit; other numbers of
 * ranks and lanes the same up to rounding. Fits may run side by side.
 */
public final class SynchronousTrainer {
  private SynchronousTrainer() {}

  /**
   * Trains until the last epoch.
   *
   * <p>An executor that is lost costs the others the step that is running and reading their rows
   * again, and nothing else. Interrupting the calling thread, or cancelling the job or its group,
   * ends the training within a second or two and frees everything; the checkpoints stay.
   *
   * @param records columns id (long, unique, &gt;= 0, the same each time it is computed),
   *     validation (boolean) and record (binary, as the network's description in mode train lays it
   *     out)
   * @throws IllegalArgumentException if the rows or the network cannot be trained, found here or by
   *     a task, or a checkpoint cannot be read or written
   * @throws dev.fovea.core.exchange.TrainingDivergedException if a loss is no longer finite
   * @throws java.util.concurrent.CancellationException if the calling thread was interrupted, which
   *     it still is
   */
  public static TrainingResult train(
      Dataset<Row> records, TrainingPlan plan, List<TrainingListener> listeners) {
    SparkContext spark = records.sparkSession().sparkContext();
    String fit = UUID.randomUUID().toString();
    long bucketBytes = ReplicaCluster.bucketBytes(spark, plan);
    Start start = Start.of(plan, bucketBytes);
    try (TrainingCheckpoints checkpoints =
        TrainingCheckpoints.open(
            plan.checkpoints(), plan.settings(), fit, spark.hadoopConfiguration())) {
      Optional<Checkpoint> resumed = checkpoints.takeResumed();
      Rebalancer rebalancer = new Rebalancer(plan.cluster().rebalance(), plan.maxEpochs());
      TrainingMonitor monitor =
          new TrainingMonitor(fit, plan, start.description(), listeners, checkpoints, rebalancer);
      try (OptimizerState optimizer =
              new OptimizerState(
                  Optimizer.parse(plan.optimizer()),
                  start.description(),
                  Runtime.getRuntime().availableProcessors());
          DriverEndpoint endpoint =
              new DriverEndpoint(
                  exchangePlan(
                      fit, plan, start.description(), bucketBytes, ReplicaCluster.isLocal(spark)),
                  start.weights(),
                  optimizer,
                  monitor)) {
        monitor.onRebalance(endpoint::requestRegroup);
        resumed.ifPresent(
            checkpoint -> {
              endpoint.resume(checkpoint.state().forEpochs(plan.maxEpochs()));
              monitor.resume(TrainingHistory.fromJson(checkpoint.history()));
            });
        try (ReplicaCluster cluster = ReplicaCluster.open(spark, plan, fit, endpoint)) {
          ReplicaTask.Common common =
              new ReplicaTask.Common(
                  fit,
                  start.description().rowBytes(),
                  plan.cacheBytes(),
                  TaskAccumulators.of(spark, fit));
          new TrainingJobs(
                  records,
                  plan,
                  start.description().weightCount(),
                  endpoint,
                  cluster,
                  common,
                  rebalancer)
              .run();
        }
      }
      return new TrainingResult(start.weights(), monitor.end());
    }
  }

  private static ExchangePlan exchangePlan(
      String fit,
      TrainingPlan plan,
      NetworkDescription description,
      long bucketBytes,
      boolean inPlace) {
    return new ExchangePlan(
        fit,
        plan.network(),
        description,
        bucketBytes,
        plan.seed(),
        plan.batchSize(),
        plan.maxEpochs(),
        plan.stepSize(),
        LearningRateSchedule.parse(plan.schedule()),
        NativeLibrary.info().version(),
        inPlace);
  }

  /** What native makes of the plan, and the weights to start from. */
  private record Start(NetworkDescription description, Weights weights) {
    static Start of(TrainingPlan plan, long bucketBytes) {
      try (Replica replica = Replica.training(plan.network(), 1, 1, bucketBytes)) {
        Weights weights = Weights.allocate(replica.description().weightCount());
        float[] initial = plan.initialWeights();
        if (initial == null) {
          replica.initialize(plan.seed(), weights);
        } else if (initial.length == weights.count()) {
          weights.floats().put(initial);
        } else {
          throw new IllegalArgumentException(
              "Initial weights: expected %d floats. Received: %d."
                  .formatted(weights.count(), initial.length));
        }
        return new Start(replica.description(), weights);
      }
    }
  }
}
