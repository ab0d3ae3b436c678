package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import scala.Option;

/**
 * Tells when a group of ranks waits for one that will not come: not all are there, and for some
 * time fewer tasks run than the group has ranks, because the cluster has no room for more. A task
 * that runs and still reads its rows is waited for as long as it takes.
 */
final class GroupWatch {
  private final SparkContext spark;
  private final DriverEndpoint endpoint;
  private final JavaFutureAction<Void> job;
  private final int ranks;
  private final long patienceNanos;
  private long waitingSince = System.nanoTime();

  GroupWatch(
      SparkContext spark,
      DriverEndpoint endpoint,
      JavaFutureAction<Void> job,
      int ranks,
      long patienceMillis) {
    this.spark = spark;
    this.endpoint = endpoint;
    this.job = job;
    this.ranks = ranks;
    this.patienceNanos = patienceMillis * 1_000_000;
  }

  /** True once the ranks that are there have waited in vain for long enough. Asked often. */
  boolean isStuck() {
    boolean waits =
        endpoint.presentRanks() > 0
            && endpoint.isMissingRanks()
            && !endpoint.isFinished()
            && runningTasks() < ranks;
    if (!waits) {
      waitingSince = System.nanoTime();
    }
    return System.nanoTime() - waitingSince > patienceNanos;
  }

  /** Of the job's last stage: those before it read the data. */
  private int runningTasks() {
    List<Integer> jobs = job.jobIds();
    if (jobs.isEmpty()) {
      return 0;
    }
    Option<SparkJobInfo> info = spark.statusTracker().getJobInfo(jobs.get(0));
    if (info.isEmpty()) {
      return 0;
    }
    int last = -1;
    for (int stage : info.get().stageIds()) {
      last = Math.max(last, stage);
    }
    Option<SparkStageInfo> stage = spark.statusTracker().getStageInfo(last);
    return stage.isEmpty() ? 0 : stage.get().numActiveTasks();
  }
}
