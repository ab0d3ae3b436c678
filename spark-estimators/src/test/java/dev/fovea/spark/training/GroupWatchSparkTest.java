package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.schedule.Constant;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.SharedSpark;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;

/** A group of one rank and three tasks: two hold slots. */
class GroupWatchSparkTest {
  private static final int TASKS = 3;
  private static final Semaphore ENDS = new Semaphore(0); // of tasks, which share this JVM

  private final SparkContext spark = SharedSpark.session().sparkContext();
  private final NetworkDescription description =
      NetworkDescription.of(TinyData.NETWORK, Mode.TRAIN, List.of(), 1, 1, 1 << 20);
  private final OptimizerState optimizer = new OptimizerState(new Sgd(0), description);
  private final DriverEndpoint endpoint =
      new DriverEndpoint(
          new ExchangePlan(
              "fit", TinyData.NETWORK, description, 1, 42, 1, 1, 0.1, new Constant(), "1", false),
          Weights.allocate(description.weightCount()),
          optimizer,
          new ExchangeListener() {});
  private JavaFutureAction<Void> job;

  @BeforeEach
  void beginJob() {
    ENDS.drainPermits();
    VoidFunction<Integer> task = unused -> ENDS.acquire();
    job =
        JavaSparkContext.fromSparkContext(spark)
            .parallelize(Collections.nCopies(TASKS, 0), TASKS)
            .foreachAsync(task);
  }

  /** To its end: a task that still waits would take the permits of the next test's. */
  @AfterEach
  void endJob() throws Exception {
    ENDS.release(TASKS);
    job.get(30, TimeUnit.SECONDS);
    endpoint.close();
    optimizer.close();
  }

  @Test
  void beforeTheGroupIsCompleteNoTaskMayEnd() {
    endpoint.beginGroup(ShardMap.even(1));
    GroupWatch watch = watch(byExecutor());
    assertThat(watch.isMisplaced()).isFalse();

    ENDS.release();

    await(watch::isMisplaced);
  }

  @Test
  void onceItIsCompleteOnlyThoseMayEndThatHoldSlots() {
    GroupWatch watch = watch(byExecutor());
    complete();
    assertThat(watch.isMisplaced()).isFalse();

    ENDS.release(TASKS - 1);
    await(() -> haveEnded(TASKS - 1));
    assertThat(watch.isMisplaced()).isFalse();
    ENDS.release();

    await(watch::isMisplaced);
  }

  @Test
  void aTaskWhosePartitionIsItsRankIsNeverMisplaced() {
    GroupWatch watch = watch(Placement.even(1).withTasks(TASKS));
    complete();

    ENDS.release(TASKS);
    await(() -> haveEnded(TASKS));

    assertThat(watch.isMisplaced()).isFalse();
    assertThat(watch.isMisplaced(0)).isFalse();
  }

  private static Placement byExecutor() {
    return new Placement(ShardMap.even(1), List.of("7")).withTasks(TASKS);
  }

  private GroupWatch watch(Placement placement) {
    return new GroupWatch(spark, endpoint, job, placement, 1000);
  }

  private void complete() {
    int group = endpoint.beginGroup(ShardMap.even(1));
    List<Long> rows = Collections.nCopies(ShardMap.SHARDS, 1L);
    endpoint.hello(new Hello("fit", group, 0, 0, "7", rows, 0, "cpu", "1"), new Unheard());
    assertThat(endpoint.isMissingRanks()).isFalse();
  }

  private boolean haveEnded(int tasks) {
    Option<SparkJobInfo> info = spark.statusTracker().getJobInfo(job.jobIds().get(0));
    return info.isDefined()
        && spark.statusTracker().getStageInfo(info.get().stageIds()[0]).get().numCompletedTasks()
            == tasks;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static final class Unheard implements Answer<Config> {
    @Override
    public void give(Config message) {}

    @Override
    public void refuse(RuntimeException cause) {
      throw cause;
    }
  }
}
