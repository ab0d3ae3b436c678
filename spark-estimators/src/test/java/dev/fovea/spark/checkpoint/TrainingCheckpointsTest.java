package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckpointsTest {
  private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();

  @TempDir Path directory;

  @Test
  void aPlanOfNothingDoesNothing() {
    try (TrainingCheckpoints checkpoints =
        TrainingCheckpoints.open(CheckpointPlan.NONE, Checkpoints.SETTINGS, CONFIGURATION)) {
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

    assertThatThrownBy(() -> TrainingCheckpoints.open(plan("", uri()), other, CONFIGURATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param seed: expected -9223372036854775808. Received: 42 (resumeFrom: "
                + path("step-0000000003")
                + "). Set seed to that, or leave resumeFrom out to begin anew.");
  }

  @Test
  void aDirectoryWithLaterCheckpointsIsRefused() throws IOException {
    write(3);
    write(6);
    later(() -> open(uri(), ""), 0, "step-0000000003");
    later(() -> open(uri(), uri() + "/step-0000000003"), 3, "step-0000000006");
    open(uri(), uri() + "/step-0000000006").close();
    open(uri(), uri()).close();
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

  private void later(ThrowingCallable open, int begins, String later) {
    assertThatThrownBy(open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param checkpointDir: expected no checkpoint after step "
                + begins
                + ", where this training begins. Received: "
                + path(later)
                + ". Set resumeFrom to it to go on from there, or checkpointDir to another"
                + " directory.");
  }

  private void write(long steps) throws IOException {
    new CheckpointDirectory(uri(), CONFIGURATION, 5).write(Checkpoints.at(steps));
  }

  private static TrainingCheckpoints open(String directory, String resumeFrom) {
    return TrainingCheckpoints.open(
        plan(directory, resumeFrom), Checkpoints.SETTINGS, CONFIGURATION);
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
