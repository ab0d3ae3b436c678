package dev.fovea.spark.checkpoint;

import org.apache.hadoop.fs.Path;

/**
 * A checkpoint that is not whole: its writer or its disk failed, or somebody changed it. An older
 * one may be read instead.
 */
final class DamagedCheckpointException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /**
   * {@code Checkpoint <path>: <problem> <what to do>}.
   *
   * @param problem {@code expected <what>. Received: <value>.}
   */
  DamagedCheckpointException(Path checkpoint, String problem, Throwable cause) {
    super(
        "Checkpoint %s: %s Set resumeFrom to %s for its newest whole checkpoint, or to another one."
            .formatted(checkpoint, problem, checkpoint.getParent()),
        cause);
  }
}
