package dev.fovea.spark.checkpoint;

/**
 * Where a training begins, and what is kept of it. Immutable; the values have been checked by the
 * params they come from.
 *
 * @param directory on any Hadoop file system, with one of checkpoints for each fit; empty: none are
 *     written
 * @param interval from one to the next
 * @param kept how many of the newest are kept, &gt; 0
 * @param resumeFrom a checkpoint, or a directory with the checkpoints of one fit for their newest;
 *     empty: begin anew
 */
public record CheckpointPlan(
    String directory, CheckpointInterval interval, int kept, String resumeFrom) {
  /** Begins anew and writes nothing. */
  public static final CheckpointPlan NONE =
      new CheckpointPlan("", CheckpointInterval.parse("10 minutes"), 3, "");
}
