package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.core.tensor.Weights;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Trains a network on the rows of a data set, on the driver: opens the endpoint of the exchange,
 * submits one Spark job of long-lived tasks, one for each rank, and returns when the last epoch is
 * done. On a local master there is one rank, in this JVM, with a lane for each core.
 *
 * <p>The same records, plan and lanes give the same weights, bit for bit. Fits may run side by
 * side.
 */
public final class SynchronousTrainer {
  private static final Pattern LOCAL =
      Pattern.compile("local|local\\[\\s*([0-9]+|\\*)\\s*(,\\s*[0-9]+\\s*)?\\]");

  /** A local master has one executor, and an executor has one rank. */
  private static final int RANKS = 1;

  private SynchronousTrainer() {}

  /**
   * Trains until the last epoch.
   *
   * <p>Interrupting the calling thread, or cancelling the job or its group, ends the training
   * within a second or two and frees everything.
   *
   * @param records columns id (long, unique, &gt;= 0, the same each time it is computed),
   *     validation (boolean) and record (binary, as the network's description in mode train lays it
   *     out)
   * @throws IllegalArgumentException if the rows or the network cannot be trained, found here or by
   *     a task
   * @throws dev.fovea.core.exchange.TrainingDivergedException if a loss is no longer finite
   * @throws CancellationException if the calling thread was interrupted, which it still is
   */
  public static TrainingResult train(
      Dataset<Row> records, TrainingPlan plan, List<TrainingListener> listeners) {
    SparkContext spark = records.sparkSession().sparkContext();
    checkMaster(spark.master());
    String fit = UUID.randomUUID().toString();
    Start start = Start.of(plan);
    TrainingMonitor monitor = new TrainingMonitor(fit, plan, listeners);
    DriverEndpoint endpoint =
        new DriverEndpoint(
            exchangePlan(fit, plan, start.description()),
            start.weights(),
            new OptimizerState(
                Optimizer.parse(plan.optimizer()), start.description(), lanes(plan, spark)),
            monitor);
    ShardMap shards = ShardMap.even(RANKS);
    int group = endpoint.beginGroup(shards);
    ReplicaTask task =
        new ReplicaTask(
            fit,
            group,
            shards,
            start.description().rowBytes(),
            lanes(plan, spark),
            cacheBytes(plan));
    runJob(RankRows.of(records, shards), task, endpoint);
    return new TrainingResult(start.weights(), monitor.end());
  }

  /** Returns when the endpoint has finished; every other end is an exception. */
  private static void runJob(
      JavaRDD<Tuple2<Object, byte[]>> rows, ReplicaTask task, DriverEndpoint endpoint) {
    Throwable jobFailure = null;
    LocalFit local = new LocalFit(task.fit(), endpoint);
    try {
      JavaFutureAction<Void> job = rows.foreachPartitionAsync(task);
      try {
        job.get();
      } catch (InterruptedException e) {
        job.cancel(true);
        Thread.currentThread().interrupt();
        throw new CancellationException(
            "Training: interrupted at step " + endpoint.position().step() + ".");
      } catch (ExecutionException e) {
        jobFailure = e.getCause();
      }
    } finally {
      local.close();
    }
    if (endpoint.failure().isPresent()) {
      throw JobFailure.unchecked(endpoint.failure().get());
    }
    if (jobFailure != null) {
      throw JobFailure.unchecked(JobFailure.explain(jobFailure));
    }
    if (!endpoint.isFinished()) {
      throw new IllegalStateException(
          "Training: expected the job to end with the last step. Received: its end at step %d."
              .formatted(endpoint.position().step()));
    }
  }

  private static ExchangePlan exchangePlan(
      String fit, TrainingPlan plan, NetworkDescription description) {
    return new ExchangePlan(
        fit,
        plan.network(),
        description,
        plan.bucketBytes(),
        plan.seed(),
        plan.batchSize(),
        plan.maxEpochs(),
        plan.stepSize(),
        LearningRateSchedule.parse(plan.schedule()),
        NativeLibrary.info().version());
  }

  private static int lanes(TrainingPlan plan, SparkContext spark) {
    return plan.lanes() > 0
        ? plan.lanes()
        : Math.min(spark.defaultParallelism(), Runtime.getRuntime().availableProcessors());
  }

  private static long cacheBytes(TrainingPlan plan) {
    return plan.cacheBytes() > 0 ? plan.cacheBytes() : Runtime.getRuntime().maxMemory() / 2;
  }

  static void checkMaster(String master) {
    if (!LOCAL.matcher(master).matches()) {
      throw new IllegalArgumentException(
          "spark.master: expected local, local[n] or local[*]. Received: " + master + ".");
    }
  }

  /** What native makes of the plan, and the weights to start from. */
  private record Start(NetworkDescription description, Weights weights) {
    static Start of(TrainingPlan plan) {
      try (Replica replica = Replica.training(plan.network(), 1, 1, plan.bucketBytes())) {
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
