package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckpointWriterTest {
  private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();

  @TempDir Path temporary;

  private final AtomicLong nanos = new AtomicLong(5);
  private CheckpointDirectory directory;

  @BeforeEach
  void setDirectory() {
    directory = new CheckpointDirectory(FaultyFileSystem.uri(temporary), CONFIGURATION, 9);
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @Test
  void closingWritesWhatWasOffered() throws IOException {
    try (CheckpointWriter writer = writer("1 steps")) {
      writer.offer(Checkpoints.at(7));
    }

    Checkpoints.assertSame(directory.read(directory.list().get(0)), Checkpoints.at(7));
  }

  @Test
  void whatIsOfferedIsCopied() throws IOException {
    Checkpoint offered = Checkpoints.at(7);
    Held held = Held.in("create");
    try (CheckpointWriter writer = writer("1 steps")) {
      writer.offer(offered);
      held.awaitFirst();
      offered.state().weights().floats().put(0, 1e9f);
      offered.state().optimizer().slots().putFloat(0, 1e9f);
      held.release();
    }

    Checkpoints.assertSame(directory.read(directory.list().get(0)), Checkpoints.at(7));
  }

  @Test
  void theNewestOfThoseOfferedMeanwhileIsWrittenNext() throws IOException {
    Held held = Held.in("create");
    CheckpointWriter writer = writer("1 steps");
    writer.offer(Checkpoints.at(1));
    held.awaitFirst();
    for (long steps = 2; steps <= 5; steps++) {
      writer.offer(Checkpoints.at(steps));
    }
    held.release();
    await(() -> writer.written() == 2);
    writer.offer(Checkpoints.at(6));
    writer.close();

    assertThat(steps()).containsExactly(1L, 5L, 6L);
    for (org.apache.hadoop.fs.Path each : directory.list()) {
      Checkpoints.assertSame(directory.read(each), Checkpoints.at(CheckpointDirectory.steps(each)));
    }
  }

  @Test
  void stepsAreDueAtMultiplesAndAtTheEnd() {
    try (CheckpointWriter writer = writer("3 steps")) {
      assertThat(writer.isDue(state(2))).isFalse();
      assertThat(writer.isDue(state(3))).isTrue();
      assertThat(writer.isDue(state(4))).isFalse();
      assertThat(writer.isDue(Checkpoints.finishedAt(4).state())).isTrue();
    }
  }

  @Test
  void minutesAreDueSinceTheLastOffer() {
    try (CheckpointWriter writer = writer("2 minutes")) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(119));
      assertThat(writer.isDue(state(2))).isFalse();
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      assertThat(writer.isDue(state(3))).isTrue();
      writer.offer(Checkpoints.at(3));
      assertThat(writer.isDue(state(4))).isFalse();
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(120));
      assertThat(writer.isDue(state(5))).isTrue();
    }
  }

  @Test
  void aFirstCheckpointThatFailsIsAnError() {
    FaultyFileSystem.hook(CheckpointWriterTest::full);
    CheckpointWriter writer = writer("1 steps");
    writer.offer(Checkpoints.at(1));
    await(() -> writer.failures() == 1);
    FaultyFileSystem.heal();

    String message =
        "Param checkpointDir: expected a directory that the driver can write. Received: "
            + new org.apache.hadoop.fs.Path(FaultyFileSystem.uri(temporary))
            + " (no space left). Set checkpointDir to another directory, or leave it out.";
    assertThatThrownBy(() -> writer.isDue(state(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> writer.offer(Checkpoints.at(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message)
        .hasRootCauseMessage("no space left");
    assertThatCode(writer::close).doesNotThrowAnyException();
  }

  @Test
  void aTrainingThatHasEndedIsNotLostForItsCheckpoints() throws IOException {
    FaultyFileSystem.hook(CheckpointWriterTest::full);
    CheckpointWriter writer = writer("1 steps");
    writer.offer(Checkpoints.at(1));
    await(() -> writer.failures() == 1);
    FaultyFileSystem.heal();
    assertThat(writer.isDue(Checkpoints.finishedAt(2).state())).isTrue();
    writer.offer(Checkpoints.finishedAt(2));
    writer.close();

    assertThat(steps()).containsExactly(2L);
  }

  @Test
  void aLaterFailureIsCountedAndTheTrainingGoesOn() throws IOException {
    CheckpointWriter writer = writer("1 steps");
    writer.offer(Checkpoints.at(1));
    await(() -> writer.written() == 1);
    FaultyFileSystem.hook(CheckpointWriterTest::full);
    writer.offer(Checkpoints.at(2));
    await(() -> writer.failures() == 1);
    FaultyFileSystem.heal();
    assertThat(writer.isDue(state(3))).isTrue();
    writer.offer(Checkpoints.at(3));
    writer.close();

    assertThat(writer.written()).isEqualTo(2);
    assertThat(writer.failures()).isEqualTo(1);
    assertThat(steps()).containsExactly(1L, 3L);
  }

  @Test
  void anErrorOfTheFileSystemsCodeIsAFailureToo() {
    FaultyFileSystem.hook(
        (operation, path) -> {
          throw new NoClassDefFoundError("a jar that is not there");
        });
    CheckpointWriter writer = writer("1 steps");
    writer.offer(Checkpoints.at(1));
    writer.close();

    assertThat(writer.failures()).isEqualTo(1);
  }

  @Test
  void anInterruptedThreadDoesNotWaitForAFileSystemThatHangs() {
    Held held = Held.in("create");
    CheckpointWriter writer = writer("1 steps");
    writer.offer(Checkpoints.at(1));
    held.awaitFirst();
    Thread.currentThread().interrupt();
    writer.close();

    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(writer.written()).isZero();
    held.release();
    await(() -> writer.written() == 1);
  }

  @Test
  void closingTwiceIsSafe() {
    CheckpointWriter writer = writer("1 steps");
    writer.close();
    assertThatCode(writer::close).doesNotThrowAnyException();
  }

  private static void full(String operation, org.apache.hadoop.fs.Path path) throws IOException {
    throw new IOException("no space left");
  }

  private CheckpointWriter writer(String interval) {
    return new CheckpointWriter(directory, CheckpointInterval.parse(interval), nanos::get);
  }

  private static TrainingState state(long steps) {
    return Checkpoints.at(steps).state();
  }

  private List<Long> steps() throws IOException {
    return directory.list().stream().map(CheckpointDirectory::steps).toList();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Holds the writer at an operation of the file system. */
  private static final class Held {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    static Held in(String operation) {
      Held held = new Held();
      FaultyFileSystem.hook(
          (name, path) -> {
            if (name.equals(operation)) {
              held.reached.countDown();
              await(held.released);
            }
          });
      return held;
    }

    void awaitFirst() {
      await(reached);
    }

    void release() {
      released.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
