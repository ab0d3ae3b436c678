package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckpointsTest {
  private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();

  private static final String FIT = "3f1c";
  private static final String OTHER_FIT = "77aa";

  @TempDir Path directory;

  @Test
  void aPlanOfNothingDoesNothing() {
    try (TrainingCheckpoints checkpoints =
        TrainingCheckpoints.open(CheckpointPlan.NONE, Checkpoints.SETTINGS, FIT, CONFIGURATION)) {
      assertThat(checkpoints.takeResumed()).isEmpty();
      checkpoints.offer(
          Checkpoints.at(1).state(),
          () -> {
            throw new AssertionError("nobody needs a history");
          });
      assertThat(checkpoints.failures()).isZero();
    }
  }

  @Test
  void aTrainingGoesOnFromWhatItLeft() {
    AtomicInteger histories = new AtomicInteger();
    try (TrainingCheckpoints first = open(uri(), "")) {
      assertThat(first.takeResumed()).isEmpty();
      for (int steps = 1; steps <= 5; steps++) {
        first.offer(
            Checkpoints.at(steps).state(),
            () -> {
              histories.incrementAndGet();
              return Checkpoints.HISTORY;
            });
      }
    }
    assertThat(histories).as("of every second step").hasValue(2);

    try (TrainingCheckpoints second = open(uri(), uri())) {
      Checkpoints.assertSame(second.takeResumed().orElseThrow(), Checkpoints.at(4));
      assertThat(second.takeResumed()).as("given once").isEmpty();
      second.offer(Checkpoints.finishedAt(5).state(), () -> Checkpoints.HISTORY);
    }
    try (TrainingCheckpoints third = open("", uri())) {
      Checkpoints.assertSame(third.takeResumed().orElseThrow(), Checkpoints.finishedAt(5));
    }
  }

  @Test
  void anotherTrainingsCheckpointIsRefused() throws IOException {
    write(3);
    TrainingSettings other = new TrainingSettings(Checkpoints.NETWORK, "Adam", 42, 16);

    assertThatThrownBy(() -> TrainingCheckpoints.open(plan("", uri()), other, FIT, CONFIGURATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param seed: expected -9223372036854775808. Received: 42 (resumeFrom: "
                + path("step-0000000003")
                + "). Set seed to that, or leave resumeFrom out to begin anew.");
  }

  @Test
  void eachFitWritesIntoADirectoryOfItsOwn() {
    train(FIT, "", 1, 4);
    train(OTHER_FIT, "", 1, 6);

    assertThat(names("fit-" + FIT)).containsExactly("step-0000000002", "step-0000000004");
    assertThat(names("fit-" + OTHER_FIT)).containsExactly("step-0000000004", "step-0000000006");
  }

  @Test
  void whatGoesOnFromADirectoryWritesOnIntoIt() {
    train(FIT, "", 1, 4);
    train("b", uri(), 5, 6);
    train("c", uri() + "/fit-" + FIT, 7, 8);

    assertThat(names("")).containsExactly("fit-" + FIT);
    assertThat(names("fit-" + FIT)).containsExactly("step-0000000006", "step-0000000008");
  }

  @Test
  void whatGoesOnFromANamedCheckpointLeavesItsDirectoryAlone() {
    train(FIT, "", 1, 4);
    train(OTHER_FIT, uri() + "/fit-" + FIT + "/step-0000000002", 3, 8);

    assertThat(names("fit-" + FIT)).containsExactly("step-0000000002", "step-0000000004");
    assertThat(names("fit-" + OTHER_FIT)).containsExactly("step-0000000006", "step-0000000008");
  }

  @Test
  void twoThatGoOnFromOneDirectoryDoNotMeet() {
    train(FIT, "", 1, 4);
    try (TrainingCheckpoints first = open(uri(), uri(), "b");
        TrainingCheckpoints second = open(uri(), uri(), OTHER_FIT)) {
      offer(first, 5, 6);
      offer(second, 5, 6);
    }

    assertThat(names("")).containsExactly("fit-" + FIT, "fit-" + OTHER_FIT);
    assertThat(names("fit-" + FIT)).containsExactly("step-0000000004", "step-0000000006");
    assertThat(names("fit-" + OTHER_FIT)).containsExactly("step-0000000006");
  }

  @Test
  void checkpointsThatLieInTheDirectoryItselfAreGoneOnFromThere() throws IOException {
    write(3);
    train(FIT, uri(), 4, 6);

    assertThat(names("")).containsExactly("step-0000000004", "step-0000000006");
  }

  @Test
  void whichOfSeveralFitsHasToBeSaid() {
    train(FIT, "", 1, 4);
    train(OTHER_FIT, "", 1, 2);

    assertThatThrownBy(() -> open("", uri(), "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param resumeFrom: expected the checkpoints of one fit. Received: "
                + path("")
                + " (2 fits, whose newest are "
                + path("fit-" + FIT + "/step-0000000004")
                + ", "
                + path("fit-" + OTHER_FIT + "/step-0000000002")
                + "). Set resumeFrom to the directory of one of them.");
  }

  @Test
  void aLaterCheckpointThatIsDamagedIsInNobodysWay() throws IOException {
    write(3);
    write(6);
    Files.delete(directory.resolve("step-0000000006/weights.safetensors"));

    try (TrainingCheckpoints checkpoints = open(uri(), uri())) {
      Checkpoints.assertSame(checkpoints.takeResumed().orElseThrow(), Checkpoints.at(3));
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefusedAtOnce() {
    String uri = "nowhere://host/checkpoints";
    assertThatThrownBy(() -> open(uri, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param checkpointDir: expected a directory that the driver can write. Received: "
                + uri
                + " (No FileSystem for scheme \"nowhere\"). Set checkpointDir to another directory,"
                + " or leave it out.");
  }

  /** Offers the steps from {@code first} to {@code last}; every second is written. */
  private void train(String fit, String resumeFrom, int first, int last) {
    try (TrainingCheckpoints checkpoints = open(uri(), resumeFrom, fit)) {
      offer(checkpoints, first, last);
    }
  }

  private static void offer(TrainingCheckpoints checkpoints, int first, int last) {
    for (int steps = first; steps <= last; steps++) {
      long before = checkpoints.written() + checkpoints.failures();
      checkpoints.offer(Checkpoints.at(steps).state(), () -> Checkpoints.HISTORY);
      while (steps % 2 == 0 && checkpoints.written() + checkpoints.failures() == before) {
        Thread.onSpinWait();
      }
    }
  }

  private List<String> names(String below) {
    try (Stream<Path> entries = Files.list(directory.resolve(below))) {
      return entries.map(each -> each.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(long steps) throws IOException {
    new CheckpointDirectory(uri(), CONFIGURATION, 5).write(Checkpoints.at(steps));
  }

  private static TrainingCheckpoints open(String directory, String resumeFrom) {
    return open(directory, resumeFrom, FIT);
  }

  private static TrainingCheckpoints open(String directory, String resumeFrom, String fit) {
    return TrainingCheckpoints.open(
        plan(directory, resumeFrom), Checkpoints.SETTINGS, fit, CONFIGURATION);
  }

  private static CheckpointPlan plan(String directory, String resumeFrom) {
    return new CheckpointPlan(directory, CheckpointInterval.parse("2 steps"), 2, resumeFrom);
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(FaultyFileSystem.uri(directory.resolve(name)));
  }

  private String uri() {
    return FaultyFileSystem.uri(directory);
  }
}
