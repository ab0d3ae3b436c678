package dev.fovea.spark.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint that a training goes on from.
 *
 * @param path where it is
 * @param damaged newer ones of the same directory that are not whole
 */
record ResumePoint(Checkpoint checkpoint, Path path, List<Path> damaged) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoints.class);

  /**
   * Reads what {@code resumeFrom} names: a checkpoint, which must be whole; or a directory of
   * checkpoints, of which it takes the newest that is whole, with a warning for each that is not.
   *
   * @throws IllegalArgumentException if there is none, or it cannot be read
   */
  static ResumePoint read(String resumeFrom, Configuration configuration) {
    try {
      Path path = new Path(resumeFrom);
      FileSystem files = path.getFileSystem(configuration);
      Path qualified = files.makeQualified(path);
      boolean isNamed =
          CheckpointDirectory.isName(path.getName())
              || files.exists(new Path(path, CheckpointFiles.TRAINING));
      if (isNamed && files.exists(path)) {
        return new ResumePoint(new CheckpointFiles(files, path).read(), qualified, List.of());
      }
      return newest(qualified, new CheckpointDirectory(resumeFrom, configuration, 1));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Param resumeFrom: expected a checkpoint that the driver can read. Received: %s (%s). Set resumeFrom to another one, or leave it out to begin anew."
              .formatted(resumeFrom, e.getMessage()),
          e);
    }
  }

  private static ResumePoint newest(Path path, CheckpointDirectory directory) throws IOException {
    List<Path> checkpoints = directory.list();
    if (checkpoints.isEmpty()) {
      throw new IllegalArgumentException(
          "Param resumeFrom: expected a checkpoint or a directory of checkpoints. Received: %s (no checkpoint there). Set resumeFrom to another one, or leave it out to begin anew."
              .formatted(path));
    }
    List<Path> damaged = new ArrayList<>();
    for (int i = checkpoints.size() - 1; i > 0; i--) {
      try {
        return new ResumePoint(directory.read(checkpoints.get(i)), checkpoints.get(i), damaged);
      } catch (DamagedCheckpointException e) {
        LOG.warn("{} Going on from the one before.", e.getMessage());
        damaged.add(checkpoints.get(i));
      }
    }
    return new ResumePoint(directory.read(checkpoints.get(0)), checkpoints.get(0), damaged);
  }
}
