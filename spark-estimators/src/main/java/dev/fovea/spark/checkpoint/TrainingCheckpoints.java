package dev.fovea.spark.checkpoint;

import dev.fovea.core.exchange.TrainingState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one training has to do with checkpoints, on the driver: where it begins, and what is kept of
 * it. Opened before the first job, closed when the training has ended, however it did.
 */
public final class TrainingCheckpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoints.class);

  private final TrainingSettings settings;
  private final CheckpointWriter writer; // null: writes none
  private Checkpoint resumed; // null: begins anew, or has been taken

  private TrainingCheckpoints(
      TrainingSettings settings, Checkpoint resumed, CheckpointWriter writer) {
    this.settings = settings;
    this.resumed = resumed;
    this.writer = writer;
  }

  /**
   * Checks and reads what the plan names.
   *
   * @throws IllegalArgumentException if there is no checkpoint to go on from, it is damaged or of a
   *     training with other settings, or the directory cannot be written or has later checkpoints
   */
  public static TrainingCheckpoints open(
      CheckpointPlan plan, TrainingSettings settings, Configuration configuration) {
    ResumePoint point = null;
    if (!plan.resumeFrom().isEmpty()) {
      point = ResumePoint.read(plan.resumeFrom(), configuration);
      point.checkpoint().settings().requireSame(settings, point.path());
    }
    CheckpointWriter writer = null;
    if (!plan.directory().isEmpty()) {
      CheckpointDirectory directory =
          new CheckpointDirectory(plan.directory(), configuration, plan.kept());
      directory.requireWritable();
      requireNoneAfter(point, directory);
      writer = new CheckpointWriter(directory, plan.interval());
    }
    if (point == null) {
      return new TrainingCheckpoints(settings, null, writer);
    }
    LOG.info("going on from checkpoint {}", point.path());
    return new TrainingCheckpoints(settings, point.checkpoint(), writer);
  }

  /**
   * The checkpoint that the training goes on from, in memory of its own; empty where it begins
   * anew. Given once, since it is large.
   */
  public Optional<Checkpoint> takeResumed() {
    Optional<Checkpoint> taken = Optional.ofNullable(resumed);
    resumed = null;
    return taken;
  }

  /**
   * The training stands between two steps, or after its last: takes a checkpoint if one is due.
   * Blocks for as long as the copy takes.
   *
   * @param state a view; not used after the call
   * @param history {@code TrainingHistory.toJson()}, asked for when a checkpoint is due
   * @throws IllegalArgumentException if the first checkpoint of all could not be written
   */
  public void offer(TrainingState state, Supplier<String> history) {
    if (writer != null && writer.isDue(state)) {
      writer.offer(new Checkpoint(settings, state, history.get()));
    }
  }

  /** Checkpoints that could not be written so far; the log says why. */
  public long failures() {
    return writer == null ? 0 : writer.failures();
  }

  /** Writes the last checkpoint that was offered; see {@link CheckpointWriter#close}. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }

  /**
   * Later checkpoints are of another training, or of a future that this one leaves: they would be
   * taken for its newest.
   */
  private static void requireNoneAfter(ResumePoint point, CheckpointDirectory directory) {
    long begins = point == null ? 0 : point.checkpoint().state().steps();
    List<Path> damaged = point == null ? List.of() : point.damaged();
    try {
      for (Path each : directory.list()) {
        if (CheckpointDirectory.steps(each) > begins && !damaged.contains(each)) {
          throw new IllegalArgumentException(
              "Param checkpointDir: expected no checkpoint after step %d, where this training begins. Received: %s. Set resumeFrom to it to go on from there, or checkpointDir to another directory."
                  .formatted(begins, each));
        }
      }
    } catch (IOException e) {
      throw directory.notWritable(e);
    }
  }
}
