package dev.fovea.spark.checkpoint;

import dev.fovea.core.exchange.TrainingState;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Directories that trainings of this JVM are writing to. */
  private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

  private final TrainingSettings settings;
  private final CheckpointDirectory directory; // null: writes none
  private final CheckpointWriter writer; // null: writes none
  private Checkpoint resumed; // null: begins anew, or has been taken

  private TrainingCheckpoints(
      TrainingSettings settings,
      Checkpoint resumed,
      CheckpointDirectory directory,
      CheckpointWriter writer) {
    this.settings = settings;
    this.resumed = resumed;
    this.directory = directory;
    this.writer = writer;
  }

  /**
   * Checks and reads what the plan names. The training writes into a directory of its own below the
   * plan's, named by the fit; or on into the one below it that it goes on from, unless another
   * training of this JVM is writing there.
   *
   * @param fit name of the training, drawn at random
   * @throws IllegalArgumentException if there is no checkpoint to go on from, it is damaged or of a
   *     training with other settings, or the directory cannot be written
   */
  public static TrainingCheckpoints open(
      CheckpointPlan plan, TrainingSettings settings, String fit, Configuration configuration) {
    ResumePoint point = null;
    if (!plan.resumeFrom().isEmpty()) {
      point = ResumePoint.read(plan.resumeFrom(), configuration);
      point.checkpoint().settings().requireSame(settings, point.path());
    }
    CheckpointDirectory directory = null;
    CheckpointWriter writer = null;
    if (!plan.directory().isEmpty()) {
      CheckpointDirectory below =
          new CheckpointDirectory(plan.directory(), configuration, plan.kept());
      below.requireWritable();
      directory = own(below, point, fit);
      writer = new CheckpointWriter(directory, plan.interval());
      LOG.info("checkpoints in {}", directory);
    }
    if (point != null) {
      LOG.info("going on from checkpoint {}", point.path());
    }
    return new TrainingCheckpoints(
        settings, point == null ? null : point.checkpoint(), directory, writer);
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

  /** Checkpoints written so far. */
  public long written() {
    return writer == null ? 0 : writer.written();
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
      WRITTEN.remove(directory.path());
    }
  }

  /** Marks it as written by this training, which no other is. */
  private static CheckpointDirectory own(CheckpointDirectory below, ResumePoint point, String fit) {
    if (point != null && point.directory() != null) {
      Path left = point.directory();
      if ((left.equals(below.path()) || below.path().equals(left.getParent()))
          && WRITTEN.add(left)) {
        return below.at(left);
      }
    }
    CheckpointDirectory own = below.at(CheckpointDirectory.ofFit(below.path(), fit));
    WRITTEN.add(own.path());
    return own;
  }
}
