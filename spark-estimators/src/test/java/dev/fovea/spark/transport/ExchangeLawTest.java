package dev.fovea.spark.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.EndpointExchange;
import dev.fovea.core.exchange.Evaluation;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training over the transport gives the bits of one in this JVM. Ranks have no replica: their
 * gradient is a function of the weights they have got, the step, and who they are.
 */
class ExchangeLawTest {
  private static final String NETWORK =
      """
      # fovea network 1
      in Input shape=300
      hidden Dense units=200
      out Dense units=3
      label Target shape=1
      loss SoftmaxCrossEntropy from=out,label
      """;
  private static final NetworkDescription DESCRIPTION =
      NetworkDescription.of(NETWORK, Mode.TRAIN, List.of(), 1, 1, 1);
  private static final int RANKS = 2;

  @Test
  void aTrainingOverTheTransportIsOneInThisJvm() throws Exception {
    assertThat(train(Loopback.conf(), true, 0)).isEqualTo(train(Loopback.conf(), false, 0));
  }

  @Test
  void encryptionChangesNothing() throws Exception {
    SparkConf encrypted = Loopback.conf().set("spark.network.crypto.enabled", "true");

    assertThat(train(encrypted, true, 0)).isEqualTo(train(encrypted, false, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aConnectionLostInMidStepChangesNothing(int lostAt) throws Exception {
    assertThat(train(Loopback.conf(), true, lostAt)).isEqualTo(train(Loopback.conf(), false, 0));
  }

  /**
   * @param lostAt the step in which the first attempt of rank 1 ends after its first bucket; or 0
   */
  private static float[] train(SparkConf conf, boolean overTheTransport, int lostAt)
      throws Exception {
    ExchangePlan plan =
        new ExchangePlan(
            "fit",
            NETWORK,
            DESCRIPTION,
            1,
            42,
            32,
            2,
            0.5,
            LearningRateSchedule.parse("Constant"),
            "1");
    Weights weights = Weights.allocate(DESCRIPTION.weightCount());
    ExecutorService threads = Executors.newFixedThreadPool(RANKS);
    try (DriverEndpoint driver =
            new DriverEndpoint(
                plan,
                weights,
                new OptimizerState(new Sgd(0.9), DESCRIPTION),
                new ExchangeListener() {});
        Loopback loopback = new Loopback(conf, driver)) {
      int group = driver.beginGroup(ShardMap.even(RANKS));
      List<Future<?>> ranks = new ArrayList<>();
      for (int rank = 0; rank < RANKS; rank++) {
        int me = rank;
        ranks.add(
            threads.submit(
                () -> {
                  attempts(overTheTransport ? loopback : null, driver, group, me, lostAt);
                  return null;
                }));
      }
      for (Future<?> rank : ranks) {
        rank.get(60, TimeUnit.SECONDS);
      }
      assertThat(driver.failure()).isEmpty();
      assertThat(driver.isFinished()).isTrue();
    } finally {
      threads.shutdownNow();
    }
    assertThat(weights.toArray()).isNotEqualTo(new float[(int) weights.count()]);
    return weights.toArray();
  }

  private static void attempts(
      Loopback loopback, DriverEndpoint driver, int group, int rank, int lostAt) {
    for (int attempt = 0; ; attempt++) {
      RemoteEndpoint remote = loopback == null ? null : RemoteEndpoint.connect(loopback.address());
      try (remote) {
        Endpoint endpoint = remote == null ? driver : remote;
        attempt(endpoint, group, rank, attempt, attempt == 0 && rank == 1 ? lostAt : 0);
        return;
      } catch (CancellationException e) {
        assertThat(e).hasMessage("lost");
      }
    }
  }

  private static void attempt(Endpoint endpoint, int group, int rank, int attempt, int lostAt) {
    try (GradientExchange exchange = new EndpointExchange(endpoint, () -> false)) {
      int shards = ShardMap.even(RANKS).end(rank) - ShardMap.even(RANKS).first(rank);
      Config config =
          exchange.hello(
              new Hello(
                  "fit",
                  group,
                  rank,
                  attempt,
                  "thread-" + rank,
                  Collections.nCopies(shards, 2L),
                  7,
                  "cpu",
                  "1"));
      Weights weights = Weights.allocate(DESCRIPTION.weightCount());
      Position position = exchange.weights(weights);
      while (position.directive() != Directive.STOP) {
        if (position.directive() == Directive.EVALUATE) {
          StepSums sums = new StepSums(7, weights.floats().get(rank), 1);
          position = exchange.evaluate(new Evaluation(group, position.epoch(), rank, sums));
        } else {
          for (Bucket bucket : config.buckets()) {
            exchange.average(part(group, position, rank, bucket, weights));
            if (position.step() == lostAt) {
              throw new CancellationException("lost");
            }
          }
          position = exchange.await();
        }
      }
    }
  }

  private static GradientPart part(
      int group, Position position, int rank, Bucket bucket, Weights weights) {
    ByteBuffer floats = AlignedMemory.allocate(bucket.count() * Float.BYTES);
    for (int i = 0; i < bucket.count(); i++) {
      float old = weights.floats().get((int) bucket.offset() + i);
      floats.putFloat(old * (rank + 3) + (i % 7) - position.step() - rank * 0.3f);
    }
    return new GradientPart(
        group,
        position.step(),
        rank,
        bucket.index(),
        new StepSums(16 + rank, 3, 4),
        5,
        floats.flip());
  }
}
