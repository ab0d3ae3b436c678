package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.RelayMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Runs the Spark jobs of one fit, one after the other, until the endpoint has finished: one job is
 * one group of ranks. Another begins when an executor is lost, or any rank of a tree, when ranks
 * are missing for too long or have met on an executor, when more executors have come or rows are
 * dealt anew by the end of an epoch, or when the job has failed for no fault of the user's.
 *
 * <p>Spark would begin a lost rank again by itself, but in vain: with the executor went what it had
 * shuffled, so Spark runs the whole stage again, and the tasks of that attempt find the cores taken
 * by the ranks that survive and wait for the lost one.
 */
final class TrainingJobs {
  private static final Logger LOG = LoggerFactory.getLogger(SynchronousTrainer.class);
  private static final long POLL_MILLIS = 100;

  /** Within which Spark notices that an executor's process is gone. */
  private static final long LOSS_MILLIS = 2000;

  private final SparkContext spark;
  private final GroupRows rows;
  private final TrainingPlan plan;
  private final DriverEndpoint endpoint;
  private final ReplicaCluster cluster;
  private final ReplicaTask.Common common;
  private final TopologyChoice topology;
  private final Rebalancer rebalancer;

  TrainingJobs(
      Dataset<Row> records,
      TrainingPlan plan,
      long weightCount,
      DriverEndpoint endpoint,
      ReplicaCluster cluster,
      ReplicaTask.Common common,
      Rebalancer rebalancer) {
    this.spark = records.sparkSession().sparkContext();
    this.rows = new GroupRows(records);
    this.plan = plan;
    this.topology = new TopologyChoice(plan.cluster().topology(), weightCount);
    this.endpoint = endpoint;
    this.cluster = cluster;
    this.common = common;
    this.rebalancer = rebalancer;
  }

  /** How the job of a group ended. */
  private enum End {
    DONE,
    STUCK,
    MISPLACED,
    SHARED,
    LOST,
    BROKEN,
    FAILED
  }

  /** Returns when the endpoint has finished; every other end is an exception. */
  void run() {
    int ranks = cluster.slots();
    for (int restarts = 0; !endpoint.isFinished(); ) {
      long step = endpoint.position().step();
      End end = runGroup(ranks, restarts < cluster.maxRestarts());
      if (end == End.BROKEN) {
        awaitLoss();
      }
      int present = endpoint.presentRanks();
      cluster.endGroup();
      ranks = rebalancer.ranks(cluster.slots(), cluster.executors());
      if (end != End.DONE && end != End.SHARED) {
        rows.forget();
      }
      if (end == End.STUCK) {
        LOG.warn(
            "only {} replicas run after {} s: the training goes on with them at step {}",
            present,
            plan.cluster().rendezvousTimeoutMillis() / 1000,
            endpoint.position().step());
        ranks = Math.max(1, present);
      } else if (end == End.MISPLACED) {
        LOG.warn(
            "tasks came to other executors than before: the training goes on with equal shares");
        rebalancer.misplaced();
      } else if (end == End.SHARED) {
        LOG.info("replicas share an executor: the training goes on with one on each of {}", ranks);
      } else if (end == End.LOST && endpoint.position().step() > step) {
        LOG.warn("an executor was lost: the training goes on at once with {} replicas", ranks);
      } else if (end == End.BROKEN) {
        noteBroken(step, ranks);
      } else if (end != End.DONE) {
        restarts++;
        LOG.warn("restart {} of {}: {} replicas", restarts, cluster.maxRestarts(), ranks);
      }
    }
  }

  /** The connection of a lost executor is closed before Spark says that the executor is gone. */
  private void awaitLoss() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOSS_MILLIS);
    while (!cluster.hasLost() && System.nanoTime() < deadline) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  private void noteBroken(long firstStep, int ranks) {
    long step = endpoint.position().step();
    LOG.warn(
        "a replica of the tree was lost: the training goes on with {} replicas at step {}",
        ranks,
        step);
    if (topology.broken(step - firstStep)) {
      LOG.warn("trees lose replicas before a step is done: the training goes on without relays");
    }
  }

  private End runGroup(int ranks, boolean mayFail) {
    RelayMap relays = topology.relays(ranks);
    Placement placed = rebalancer.place(ranks, cluster.executors(), relays.isTree());
    Placement placement = placed.isByExecutor() ? placed.withTasks(cluster.tasks()) : placed;
    int group = endpoint.beginGroup(placement.shards(), relays);
    JavaRDD<Tuple2<Object, byte[]>> placedRows = cluster.place(rowsOf(placement));
    ReplicaTask task =
        new ReplicaTask(common, cluster.address(), group, placement, relays, cluster.lanes());
    JavaFutureAction<Void> job = placedRows.foreachPartitionAsync(task);
    GroupWatch watch =
        new GroupWatch(spark, endpoint, job, placement, plan.cluster().rendezvousTimeoutMillis());
    while (true) {
      try {
        job.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (watch.isMisplaced(0)) {
          return End.MISPLACED;
        }
        requireReason();
        return endpoint.isBroken() ? End.BROKEN : End.DONE;
      } catch (TimeoutException e) {
        if (rebalancer.meets() && !endpoint.isFinished() && !endpoint.isBetweenGroups()) {
          boolean ignored = job.cancel(true);
          return End.SHARED;
        }
        if (watch.isStuck()) {
          boolean ignored = job.cancel(true);
          return End.STUCK;
        }
        if (endpoint.isBroken() && !job.isDone()) {
          boolean ignored = job.cancel(true);
          return End.BROKEN;
        }
        if (mayFail && cluster.hasLost() && endpoint.isMissingRanks() && !endpoint.isFinished()) {
          boolean ignored = job.cancel(true);
          return End.LOST;
        }
        if (watch.isMisplaced()) {
          boolean ignored = job.cancel(true);
          return End.MISPLACED;
        }
        if (cluster.hasGrown(ranks)) {
          endpoint.requestRegroup();
        }
      } catch (InterruptedException e) {
        boolean ignored = job.cancel(true);
        throw interrupted();
      } catch (ExecutionException e) {
        if (endpoint.failure().isPresent()) {
          throw JobFailure.unchecked(endpoint.failure().get());
        }
        if (JobFailure.isOfRelay(e.getCause())) {
          LOG.warn("a relay of the tree could not be opened", e);
          return End.BROKEN;
        }
        boolean isFinal = JobFailure.isFinal(e.getCause());
        if (endpoint.isBroken() && !isFinal) {
          return End.BROKEN;
        }
        if (!mayFail || isFinal) {
          throw JobFailure.unchecked(JobFailure.explain(e.getCause()));
        }
        LOG.warn("the job of the training failed at step {}", endpoint.position().step(), e);
        return End.FAILED;
      }
    }
  }

  /** What runs before a shuffle of an adaptive query, Spark runs here, in the caller's thread. */
  private JavaRDD<Tuple2<Object, byte[]>> rowsOf(Placement placement) {
    String tag = "fovea-" + common.fit();
    spark.addJobTag(tag);
    try {
      return rows.of(placement);
    } catch (InterruptedException e) {
      spark.cancelJobsWithTag(tag);
      throw interrupted();
    } finally {
      spark.removeJobTag(tag);
    }
  }

  private CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException(
        "Training: interrupted at step " + endpoint.position().step() + ".");
  }

  /** A job that ends by itself has finished the training, failed it, or made room for a group. */
  private void requireReason() {
    if (endpoint.failure().isPresent()) {
      throw JobFailure.unchecked(endpoint.failure().get());
    }
    if (!endpoint.isFinished() && !endpoint.isBetweenGroups()) {
      throw new IllegalStateException(
          "Training: expected the job to end with the last step. Received: its end at step %d."
              .formatted(endpoint.position().step()));
    }
  }
}
