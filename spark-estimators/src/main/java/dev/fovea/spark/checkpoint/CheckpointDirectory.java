package dev.fovea.spark.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one training, on any Hadoop file system: {@code step-0000001234} is the
 * training after 1234 steps.
 *
 * <p>A checkpoint is written into a hidden directory, which is renamed when all is in it. What a
 * killed writer leaves is hidden, and removed by the next one. Where renaming is not one operation
 * (object stores), a reader may meet half a checkpoint; it tells by the lengths and checksums in
 * {@code training.json} and takes the one before.
 *
 * <p>One writer at a time.
 */
public final class CheckpointDirectory {
  private static final Pattern NAME = Pattern.compile("step-[0-9]{10,18}");
  private static final String PREFIX = "step-";
  private static final String FIT = "fit-";
  private static final String HIDDEN = ".";

  private final Path directory;
  private final Configuration configuration;
  private final int kept;

  /**
   * Touches nothing yet.
   *
   * @param kept how many of the newest checkpoints are kept, &gt; 0
   */
  public CheckpointDirectory(String directory, Configuration configuration, int kept) {
    this.directory = new Path(directory);
    this.configuration = configuration;
    this.kept = kept;
  }

  /**
   * The directory of a fit below a directory that many may share.
   *
   * @param fit name of the training, drawn at random
   */
  static Path ofFit(Path below, String fit) {
    return new Path(below, FIT + fit);
  }

  /** Another directory, with as many kept. */
  CheckpointDirectory at(Path other) {
    return new CheckpointDirectory(other.toString(), configuration, kept);
  }

  /**
   * With scheme and host, as {@link #list} has them.
   *
   * @throws IllegalArgumentException if there is no such file system
   */
  Path path() {
    try {
      return fileSystem().makeQualified(directory);
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  /**
   * Makes the directory, and a file in it, which it removes.
   *
   * @throws IllegalArgumentException if that fails
   */
  public void requireWritable() {
    try {
      FileSystem files = fileSystem();
      makeDirectory(files, directory);
      Path probe = new Path(directory, HIDDEN + PREFIX + UUID.randomUUID());
      files.create(probe, false).close();
      files.delete(probe, false);
    } catch (IOException | IllegalArgumentException e) {
      throw notWritable(e);
    }
  }

  /**
   * Writes a checkpoint and removes those that are not to be kept; later ones stay.
   *
   * @return where it is
   * @throws IOException if it is not written whole; the older ones are as they were
   */
  public Path write(Checkpoint checkpoint) throws IOException {
    FileSystem files = fileSystem();
    removeUnfinished(files);
    Path target = path(checkpoint.state().steps());
    Path unfinished = new Path(directory, HIDDEN + target.getName());
    makeDirectory(files, unfinished);
    new CheckpointFiles(files, unfinished).write(checkpoint);
    files.delete(target, true); // A damaged one, or there is none.
    if (!files.rename(unfinished, target)) {
      throw new IOException("cannot rename " + unfinished + " to " + target);
    }
    removeOld(files, target);
    return target;
  }

  /**
   * The checkpoints that are there, oldest first; whether they are whole is not looked at.
   *
   * @throws IOException if the file system does not answer
   */
  public List<Path> list() throws IOException {
    FileSystem files = fileSystem();
    List<Path> checkpoints = new ArrayList<>();
    for (FileStatus entry : entries(files)) {
      if (entry.isDirectory() && isName(entry.getPath().getName())) {
        checkpoints.add(files.makeQualified(entry.getPath()));
      }
    }
    checkpoints.sort(Comparator.comparingLong(CheckpointDirectory::steps));
    return checkpoints;
  }

  /**
   * The directories with checkpoints: this one, and those of fits below it, by their names.
   *
   * @throws IOException if the file system does not answer
   */
  List<CheckpointDirectory> trainings() throws IOException {
    FileSystem files = fileSystem();
    List<CheckpointDirectory> all = new ArrayList<>(List.of(this));
    for (FileStatus entry : entries(files)) {
      if (entry.isDirectory() && entry.getPath().getName().startsWith(FIT)) {
        all.add(at(files.makeQualified(entry.getPath())));
      }
    }
    List<CheckpointDirectory> trainings = new ArrayList<>();
    for (CheckpointDirectory each : all) {
      if (!each.list().isEmpty()) {
        trainings.add(each);
      }
    }
    trainings.sort(Comparator.comparing(CheckpointDirectory::path));
    return trainings;
  }

  /**
   * Reads one of {@link #list}.
   *
   * @throws DamagedCheckpointException if it is not whole
   */
  Checkpoint read(Path checkpoint) throws IOException {
    return new CheckpointFiles(fileSystem(), checkpoint).read();
  }

  /** Steps done when the checkpoint of that name was taken. */
  static long steps(Path checkpoint) {
    return Long.parseLong(checkpoint.getName().substring(PREFIX.length()));
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  IllegalArgumentException notWritable(Throwable cause) {
    return new IllegalArgumentException(
        "Param checkpointDir: expected a directory that the driver can write. Received: %s (%s). Set checkpointDir to another directory, or leave it out."
            .formatted(directory, Objects.requireNonNullElse(cause.getMessage(), cause.toString())),
        cause);
  }

  private Path path(long steps) {
    return new Path(directory, String.format(Locale.ROOT, "%s%010d", PREFIX, steps));
  }

  private void removeOld(FileSystem files, Path newest) throws IOException {
    List<Path> upToNewest = list().stream().filter(each -> steps(each) <= steps(newest)).toList();
    for (Path old : upToNewest.subList(0, Math.max(0, upToNewest.size() - kept))) {
      files.delete(old, true);
    }
  }

  private void removeUnfinished(FileSystem files) throws IOException {
    for (FileStatus entry : entries(files)) {
      if (entry.getPath().getName().startsWith(HIDDEN + PREFIX)) {
        files.delete(entry.getPath(), true);
      }
    }
  }

  /** What is in the directory; nothing where there is none. */
  private FileStatus[] entries(FileSystem files) throws IOException {
    try {
      return files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private static void makeDirectory(FileSystem files, Path path) throws IOException {
    if (!files.mkdirs(path)) {
      throw new IOException("cannot make the directory " + path);
    }
  }

  private FileSystem fileSystem() throws IOException {
    return directory.getFileSystem(configuration);
  }
}
