package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.StepReport;
import dev.fovea.spark.SparkJobs;
import dev.fovea.spark.checkpoint.CheckpointInterval;
import dev.fovea.spark.checkpoint.CheckpointPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that ended early, and another driver that goes on with it. */
class ResumeSparkTest {
  private static final int BATCH = 50;
  private static final int EPOCHS = 3;

  @TempDir Path directory;

  @ParameterizedTest(name = "ended at step {0}, every {1}th row validates")
  @CsvSource({"4, 0", "6, 0", "7, 0", "13, 0", "4, 5", "5, 5", "6, 5", "11, 5"})
  void aResumedTrainingEndsAsAnUndisturbedOne(long end, int validationEvery) {
    Dataset<Row> records = TinyData.dataset(300, validationEvery);
    TrainingResult undisturbed = train(records, TinyData.plan(BATCH, EPOCHS));
    assertThatThrownBy(
            () ->
                SynchronousTrainer.train(records, plan(EPOCHS, uri(), ""), List.of(endingAt(end))))
        .hasMessage("ended at step " + end);

    List<Long> steps = new ArrayList<>();
    TrainingPlan resuming = plan(EPOCHS, uri(), uri());
    TrainingResult resumed = SynchronousTrainer.train(records, resuming, List.of(listing(steps)));

    assertSame(resumed, undisturbed);
    assertThat(steps.get(0)).as("the first step done again").isBetween(4L, end);
    steps.clear();
    TrainingResult again = SynchronousTrainer.train(records, resuming, List.of(listing(steps)));
    assertThat(again.weights().toArray()).isEqualTo(undisturbed.weights().toArray());
    assertThat(again.history()).isEqualTo(resumed.history());
    assertThat(steps).as("nothing was left to do").isEmpty();
  }

  @Test
  void aFinishedTrainingGoesOnForMoreEpochs() {
    Dataset<Row> records = TinyData.dataset(300, 5);
    train(records, plan(EPOCHS, uri(), ""));

    List<Long> steps = new ArrayList<>();
    TrainingResult more =
        SynchronousTrainer.train(records, plan(EPOCHS + 2, "", uri()), List.of(listing(steps)));
    assertSame(more, train(records, TinyData.plan(BATCH, EPOCHS + 2)));
    assertThat(steps.get(0)).as("after 3 epochs of 5 steps").isEqualTo(16);
  }

  @Test
  void aTrainingGoesOnWithRowsThatArePartitionedOtherwise() {
    Dataset<Row> records = TinyData.dataset(300, 0);
    train(records, plan(EPOCHS, uri(), ""));

    TrainingResult more = train(records.repartition(3), plan(EPOCHS + 1, "", uri()));

    assertThat(more.history().epochs()).hasSize(EPOCHS + 1);
    assertThat(more.history().epochs().get(EPOCHS).rows()).isEqualTo(300);
  }

  @Test
  void wrongPlacesAreRefusedBeforeAnyJob() throws Exception {
    Dataset<Row> records = TinyData.dataset(300, 0);
    String file = "file:" + Files.writeString(directory.resolve("file"), "no directory");
    try (SparkJobs jobs = SparkJobs.counting()) {
      assertThatThrownBy(() -> train(records, plan(1, file + "/below", "")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Param checkpointDir: expected a directory that the driver can");
      assertThatThrownBy(() -> train(records, plan(1, "", uri())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Param resumeFrom: expected a checkpoint or a directory of");
      assertThat(jobs.started()).isZero();
    }
  }

  /** All that does not depend on the clock. */
  private static void assertSame(TrainingResult actual, TrainingResult expected) {
    assertThat(actual.weights().toArray()).isEqualTo(expected.weights().toArray());
    assertThat(measured(actual)).isEqualTo(measured(expected));
  }

  private static List<List<Object>> measured(TrainingResult result) {
    return result.history().epochs().stream().map(ResumeSparkTest::measured).toList();
  }

  private static List<Object> measured(TrainingEpoch epoch) {
    return List.of(
        epoch.epoch(),
        epoch.steps(),
        epoch.rows(),
        epoch.loss(),
        epoch.accuracy(),
        epoch.validationLoss(),
        epoch.validationAccuracy(),
        epoch.learningRate());
  }

  private static TrainingResult train(Dataset<Row> records, TrainingPlan plan) {
    return SynchronousTrainer.train(records, plan, List.of());
  }

  private static TrainingPlan plan(int epochs, String directory, String resumeFrom) {
    return TinyData.plan(BATCH, epochs)
        .with(new CheckpointPlan(directory, CheckpointInterval.parse("3 steps"), 2, resumeFrom));
  }

  private static TrainingListener endingAt(long end) {
    return new TrainingListener() {
      @Override
      public void onStep(StepReport step) {
        if (step.step() == end) {
          throw new IllegalStateException("ended at step " + end);
        }
      }
    };
  }

  private static TrainingListener listing(List<Long> steps) {
    return new TrainingListener() {
      @Override
      public void onStep(StepReport step) {
        steps.add(step.step());
      }
    };
  }

  private String uri() {
    return "file:" + directory.resolve("checkpoints");
  }
}
