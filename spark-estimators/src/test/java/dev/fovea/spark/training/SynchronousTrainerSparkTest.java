package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.exchange.TrainingDivergedException;
import dev.fovea.core.runtime.Replica;
import dev.fovea.spark.SharedSpark;
import dev.fovea.spark.SparkJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkStatusTracker;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SynchronousTrainerSparkTest {
  private static final Duration PROMPT = Duration.ofSeconds(10);

  /** Predictors that the models of other tests keep open in this JVM. */
  private int openBefore;

  @BeforeEach
  void countOpen() {
    openBefore = Replica.openCount();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(Replica.openCount()).isEqualTo(openBefore);
    assertThat(LocalFit.openCount()).isZero();
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fovea-watch")))
        .isEmpty();
  }

  @Test
  void learnsToTellClassesApart() {
    TrainingResult result = train(TinyData.dataset(600, 6), TinyData.plan(50, 5));

    TrainingEpoch last = result.history().epochs().get(4);
    assertThat(last.accuracy()).isGreaterThan(0.97);
    assertThat(last.validationAccuracy().getAsDouble()).isGreaterThan(0.97);
    assertThat(last.validationLoss().getAsDouble()).isLessThan(0.1);
    assertThat(last.rows()).isEqualTo(500);
    assertThat(last.steps()).isEqualTo(50);
    assertThat(last.rowsPerSecond()).isPositive();
  }

  @Test
  void oneFitIsOneSparkJob() {
    Dataset<Row> records = TinyData.dataset(200, 0);

    try (SparkJobs jobs = SparkJobs.counting()) {
      train(records, TinyData.plan(50, 3));

      assertThat(jobs.started()).isEqualTo(1);
    }
  }

  @Test
  void listenersHearEveryStepAndEpochInOrder() {
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport step) {
            heard.add("step " + step.step() + " rows " + step.rows());
          }

          @Override
          public void onEpoch(EpochReport epoch) {
            heard.add("epoch " + epoch.epoch() + " validation " + epoch.validationRows());
          }

          @Override
          public void onEnd(TrainingHistory history) {
            heard.add("end " + history.epochs().size());
          }
        };

    SynchronousTrainer.train(TinyData.dataset(100, 10), TinyData.plan(60, 2), List.of(listener));

    assertThat(heard)
        .containsExactly(
            "step 1 rows 60",
            "step 2 rows 30",
            "epoch 0 validation 10",
            "step 3 rows 60",
            "step 4 rows 30",
            "epoch 1 validation 10",
            "end 2");
  }

  @Test
  void theOrderAndThePartitionsOfTheRowsDoNotMatter() {
    List<Row> rows = TinyData.rows(300, 5);
    TrainingPlan plan = TinyData.plan(64, 2);

    float[] inOnePartition = train(TinyData.dataset(rows, 1), plan).weights().toArray();
    float[] inFive = train(TinyData.dataset(TinyData.shuffled(rows), 5), plan).weights().toArray();

    assertThat(inFive).isEqualTo(inOnePartition);
  }

  @Test
  void aRepeatedFitGivesTheSameBits() {
    TrainingPlan plan = TinyData.plan(50, 2);

    TrainingResult first = train(TinyData.dataset(200, 4), plan);
    TrainingResult second = train(TinyData.dataset(200, 4), plan);

    assertThat(second.weights().toArray()).isEqualTo(first.weights().toArray());
    assertThat(second.history().epochs())
        .extracting(TrainingEpoch::loss)
        .isEqualTo(first.history().epochs().stream().map(TrainingEpoch::loss).toList());
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    Dataset<Row> records = TinyData.dataset(100, 0);

    assertThat(train(records, seeded(1)).weights().toArray())
        .isNotEqualTo(train(records, seeded(2)).weights().toArray());
  }

  @Test
  void initialWeightsAreWhereTrainingStarts() {
    Dataset<Row> records = TinyData.dataset(200, 0);
    float[] trained = train(records, TinyData.plan(50, 5)).weights().toArray();

    TrainingResult resumed = train(records, startingFrom(trained));

    assertThat(resumed.history().epochs().get(0).accuracy()).isGreaterThan(0.97);
  }

  @Test
  void initialWeightsOfAnotherNetworkAreRefused() {
    assertThatThrownBy(() -> train(TinyData.dataset(100, 0), startingFrom(new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("Initial weights: expected \\d+ floats\\. Received: 3\\.");
  }

  @Test
  void fitsSideBySideGiveWhatTheyGiveAlone() throws Exception {
    Dataset<Row> records = TinyData.dataset(300, 5);
    List<float[]> alone =
        IntStream.range(0, 4).mapToObj(seed -> weights(records, seeded(seed))).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<TrainingResult>> fits =
        IntStream.range(0, 4)
            .mapToObj(seed -> threads.submit(() -> train(records, seeded(seed))))
            .toList();

    for (int seed = 0; seed < 4; seed++) {
      assertThat(fits.get(seed).get().weights().toArray()).isEqualTo(alone.get(seed));
    }
    threads.shutdown();
  }

  @Test
  void aBatchLargerThanTheDataIsRefused() {
    assertThatThrownBy(() -> train(TinyData.dataset(100, 0), TinyData.plan(128, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param batchSize: expected at most the 100 training rows. Received: 128. Set a smaller"
                + " batchSize.");
  }

  @Test
  void noTrainingRowsAreRefused() {
    assertThatThrownBy(() -> train(TinyData.dataset(0, 0), TinyData.plan(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "DataFrame: expected at least one training row. Received: none (validation rows: 0).");
    assertThatThrownBy(() -> train(TinyData.dataset(7, 1), TinyData.plan(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "DataFrame: expected at least one training row. Received: none (validation rows: 7).");
  }

  @Test
  void whatARowIsRefusedForIsTheMessageOfTheFit() {
    Dataset<Row> bad =
        TinyData.dataset(10, 0)
            .map(
                (MapFunction<Row, Row>)
                    row -> {
                      throw new IllegalArgumentException("Partition 0, row 1: no label.");
                    },
                Encoders.row(TinyData.SCHEMA));

    assertThatThrownBy(() -> train(bad, TinyData.plan(5, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Partition 0, row 1: no label.")
        .hasCauseInstanceOf(org.apache.spark.SparkException.class);
  }

  @Test
  void aDivergingTrainingSaysWhereAndWhatToDo() {
    TrainingPlan plan =
        new TrainingPlan(TinyData.NETWORK, "Sgd momentum=0.9", 1e30, "Constant", 50, 20, 42);

    assertThatThrownBy(() -> train(TinyData.dataset(200, 0), plan))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageMatching(
            "Training diverged at step \\d+: expected a finite (loss|gradient)\\. Received:"
                + " (NaN|-?Infinity)( in \\w+\\.\\w+)? \\(last finite loss \\S+ at step \\d+,"
                + " learning rate 1\\.0E30\\)\\. Lower stepSize, or scale the inputs to mean 0 and"
                + " standard deviation 1\\.");
  }

  @Test
  void whatAListenerThrowsEndsTheFit() {
    TrainingListener strict =
        new TrainingListener() {
          @Override
          public void onStep(StepReport step) {
            throw new IllegalStateException("enough at step " + step.step());
          }
        };

    assertThatThrownBy(
            () ->
                SynchronousTrainer.train(
                    TinyData.dataset(100, 0), TinyData.plan(50, 1), List.of(strict)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("enough at step 1");
  }

  @Test
  void anInterruptEndsTheFitPromptly() throws Exception {
    LongFit fit = new LongFit(() -> {});
    fit.thread.interrupt();

    assertThat(fit.failure()).isInstanceOf(CancellationException.class);
    assertThat(fit.failure()).hasMessageMatching("Training: interrupted at step \\d+\\.");
    assertThat(fit.interrupted).as("the interrupt is kept").isTrue();
  }

  @Test
  void anInterruptEndsTheStagesBeforeAShuffleToo() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean interrupted = new AtomicBoolean();
    Dataset<Row> slow =
        TinyData.dataset(3000, 0)
            .map(
                (MapFunction<Row, Row>)
                    row -> {
                      Thread.sleep(100); // Between rows a task ends when it is told to.
                      return row;
                    },
                Encoders.row(TinyData.SCHEMA))
            .repartition(2);
    Thread thread =
        new Thread(
            () -> {
              try {
                train(slow, TinyData.plan(2, 1));
              } catch (Throwable e) {
                failure.set(e);
              }
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    SparkStatusTracker tracker = SharedSpark.session().sparkContext().statusTracker();
    thread.start();
    await(() -> tracker.getActiveJobIds().length > 0);

    thread.interrupt();

    thread.join(PROMPT.toMillis());
    assertThat(failure.get())
        .isInstanceOf(CancellationException.class)
        .hasMessage("Training: interrupted at step 1.");
    assertThat(interrupted).as("the interrupt is kept").isTrue();
    await(() -> tracker.getActiveJobIds().length == 0);
  }

  @Test
  void cancellingTheJobGroupEndsTheFitPromptly() throws Exception {
    LongFit fit =
        new LongFit(() -> SharedSpark.session().sparkContext().setJobGroup("mine", "a fit", false));
    SharedSpark.session().sparkContext().cancelJobGroup("mine");

    assertThat(fit.failure()).isInstanceOf(org.apache.spark.SparkException.class);
    assertThat(fit.failure()).hasMessageContaining("cancelled");
  }

  @Test
  void recordsOfAnotherSchemaAreAMistake() {
    assertThatThrownBy(
            () -> train(TinyData.dataset(10, 0).select("id", "record"), TinyData.plan(5, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Records: expected columns id long, validation boolean, record binary. Received:"
                + " struct<id:bigint,record:binary>.");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (long waited = 0; !condition.getAsBoolean(); waited += 10) {
      assertThat(waited).isLessThan(PROMPT.toMillis());
      Thread.sleep(10);
    }
  }

  private static TrainingResult train(Dataset<Row> records, TrainingPlan plan) {
    return SynchronousTrainer.train(records, plan, List.of());
  }

  private static float[] weights(Dataset<Row> records, TrainingPlan plan) {
    return train(records, plan).weights().toArray();
  }

  private static TrainingPlan seeded(long seed) {
    return new TrainingPlan(TinyData.NETWORK, "Adam", 0.01, "Constant", 50, 3, seed);
  }

  private static TrainingPlan startingFrom(float[] weights) {
    TrainingPlan plan = TinyData.plan(50, 1);
    return new TrainingPlan(
        plan.network(),
        plan.optimizer(),
        plan.stepSize(),
        plan.schedule(),
        plan.batchSize(),
        plan.maxEpochs(),
        plan.seed(),
        1,
        1024,
        1,
        weights);
  }

  /** A fit that would take hours, in a thread of its own; exists once its first steps are done. */
  private static final class LongFit {
    final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    volatile Throwable failure;
    volatile boolean interrupted;

    LongFit(Runnable before) throws InterruptedException {
      CountDownLatch stepped = new CountDownLatch(3);
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void onStep(StepReport step) {
              stepped.countDown();
            }
          };
      thread =
          new Thread(
              () -> {
                try {
                  before.run();
                  SynchronousTrainer.train(
                      TinyData.dataset(500, 5),
                      TinyData.plan(10, Integer.MAX_VALUE),
                      List.of(listener));
                } catch (Throwable e) {
                  failure = e;
                } finally {
                  interrupted = Thread.currentThread().isInterrupted();
                  ended.countDown();
                }
              });
      thread.start();
      assertThat(stepped.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** What ended it, within the time that counts as prompt. */
    Throwable failure() throws InterruptedException {
      assertThat(ended.await(PROMPT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      return failure;
    }
  }
}
