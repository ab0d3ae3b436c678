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
 * @param directory the one of which it is the newest that is whole; null where the checkpoint
 *     itself was named
 */
record ResumePoint(Checkpoint checkpoint, Path path, Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoints.class);

  /**
   * Reads what {@code resumeFrom} names: a checkpoint, which must be whole; or a directory with the
   * checkpoints of one fit, in it or below it, of which it takes the newest that is whole, with a
   * warning for each that is not.
   *
   * @throws IllegalArgumentException if there is none, there are those of several fits, or it
   *     cannot be read
   */
  static ResumePoint read(String resumeFrom, Configuration configuration) {
    try {
      Path path = new Path(resumeFrom);
      FileSystem files = fileSystem(path, configuration);
      Path qualified = files.makeQualified(path);
      boolean isNamed =
          CheckpointDirectory.isName(path.getName())
              || files.exists(new Path(path, CheckpointFiles.TRAINING));
      if (isNamed && files.exists(path)) {
        return new ResumePoint(new CheckpointFiles(files, path).read(), qualified, null);
      }
      return newest(
          only(qualified, new CheckpointDirectory(resumeFrom, configuration, 1).trainings()));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Param resumeFrom: expected a checkpoint that the driver can read. Received: %s (%s). Set resumeFrom to another one, or leave it out to begin anew."
              .formatted(resumeFrom, e.getMessage()),
          e);
    }
  }

  /** HDFS throws an IllegalArgumentException for a host that nobody knows. */
  private static FileSystem fileSystem(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static CheckpointDirectory only(Path path, List<CheckpointDirectory> trainings)
      throws IOException {
    if (trainings.isEmpty()) {
      throw new IllegalArgumentException(
          "Param resumeFrom: expected a checkpoint or a directory of checkpoints. Received: %s (no checkpoint there). Set resumeFrom to another one, or leave it out to begin anew."
              .formatted(path));
    }
    if (trainings.size() > 1) {
      List<String> newest = new ArrayList<>();
      for (CheckpointDirectory training : trainings) {
        List<Path> checkpoints = training.list();
        newest.add(checkpoints.get(checkpoints.size() - 1).toString());
      }
      throw new IllegalArgumentException(
          "Param resumeFrom: expected the checkpoints of one fit. Received: %s (%d fits, whose newest are %s). Set resumeFrom to the directory of one of them."
              .formatted(path, newest.size(), String.join(", ", newest)));
    }
    return trainings.get(0);
  }

  private static ResumePoint newest(CheckpointDirectory directory) throws IOException {
    List<Path> checkpoints = directory.list();
    for (int i = checkpoints.size() - 1; i > 0; i--) {
      try {
        return point(directory, checkpoints.get(i));
      } catch (DamagedCheckpointException e) {
        LOG.warn("{} Going on from the one before.", e.getMessage());
      }
    }
    return point(directory, checkpoints.get(0));
  }

  private static ResumePoint point(CheckpointDirectory directory, Path checkpoint)
      throws IOException {
    return new ResumePoint(directory.read(checkpoint), checkpoint, directory.path());
  }
}
