package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import scala.Option;

/**
 * Tells when a group of ranks waits for one that will not come: not all are there, and for some
 * time fewer tasks run than the group has, because the cluster has no room for more. A task that
 * runs and still reads its rows is waited for as long as it takes.
 */
final class GroupWatch {
  private final SparkContext spark;
  private final DriverEndpoint endpoint;
  private final JavaFutureAction<Void> job;
  private final Placement placement;
  private final long patienceNanos;
  private long waitingSince = System.nanoTime();
  private boolean complete; // all ranks have been there

  GroupWatch(
      SparkContext spark,
      DriverEndpoint endpoint,
      JavaFutureAction<Void> job,
      Placement placement,
      long patienceMillis) {
    this.spark = spark;
    this.endpoint = endpoint;
    this.job = job;
    this.placement = placement;
    this.patienceNanos = patienceMillis * 1_000_000;
  }

  /** True once the ranks that are there have waited in vain for long enough. Asked often. */
  boolean isStuck() {
    boolean waits =
        endpoint.presentRanks() > 0
            && endpoint.isMissingRanks()
            && !endpoint.isFinished()
            && begunTasks() < placement.tasks();
    if (!waits) {
      waitingSince = System.nanoTime();
    }
    return System.nanoTime() - waitingSince > patienceNanos;
  }

  /**
   * True where a task has ended that a rank needs: one of all before all ranks were there, later
   * one of those that are ranks. Spark has sent it, or another attempt of it, to an executor that
   * the group has no rank for, or whose rank runs already, and does not start it again. Asked
   * often.
   */
  boolean isMisplaced() {
    int left = leftTasks(); // before the endpoint is asked: when it has finished, tasks end
    return isMisplaced(left);
  }

  /**
   * The same of a job that Spark may not have counted to the end.
   *
   * @param left tasks that have not ended
   */
  boolean isMisplaced(int left) {
    complete |= !endpoint.isMissingRanks();
    return left < (complete ? placement.ranks() : placement.tasks())
        && placement.isByExecutor()
        && !endpoint.isFinished()
        && !endpoint.isBetweenGroups()
        && endpoint.failure().isEmpty();
  }

  private int begunTasks() {
    return lastStage().map(stage -> stage.numActiveTasks() + stage.numCompletedTasks()).orElse(0);
  }

  /** Tasks that have not ended well; a later attempt of the stage has no others. */
  private int leftTasks() {
    return lastStage()
        .map(stage -> stage.numTasks() - stage.numCompletedTasks())
        .orElse(placement.tasks());
  }

  /** Of the job: the stages before it read the data. */
  private Optional<SparkStageInfo> lastStage() {
    List<Integer> jobs = job.jobIds();
    if (jobs.isEmpty()) {
      return Optional.empty();
    }
    Option<SparkJobInfo> info = spark.statusTracker().getJobInfo(jobs.get(0));
    if (info.isEmpty()) {
      return Optional.empty();
    }
    int last = -1;
    for (int stage : info.get().stageIds()) {
      last = Math.max(last, stage);
    }
    Option<SparkStageInfo> stage = spark.statusTracker().getStageInfo(last);
    return stage.isEmpty() ? Optional.empty() : Optional.of(stage.get());
  }
}
