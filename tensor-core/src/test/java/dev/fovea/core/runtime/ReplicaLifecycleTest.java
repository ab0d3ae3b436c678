package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a replica ends, and what it refuses. */
@ExtendWith(NoOpenReplicas.class)
class ReplicaLifecycleTest {
  private static final StepKey KEY = SmallNetwork.KEY;
  private static final int ROWS = SmallNetwork.ROWS;
  private static final ByteBuffer RECORDS = SmallNetwork.RECORDS;

  @Test
  void closingTwiceIsSafe() {
    Replica replica = SmallNetwork.training(2);
    assertThat(Replica.openCount()).isEqualTo(1);
    replica.close();
    replica.close();
    assertThat(Replica.openCount()).isZero();
  }

  @Test
  void useAfterCloseIsRefused() {
    Replica replica = SmallNetwork.training(2);
    Weights weights = SmallNetwork.weights(replica, 3);
    GradientSum sum = GradientSum.allocate(weights.count());
    replica.close();

    assertThatThrownBy(
            () -> replica.addGradient(RECORDS, ROWS, weights, sum, KEY, BucketListener.NONE))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("Replica: expected an open replica. Received: one already closed.");
    assertThatThrownBy(() -> replica.evaluate(RECORDS, ROWS, weights))
        .hasMessage("Replica: expected an open replica. Received: one already closed.");
    assertThatThrownBy(() -> replica.initialize(1, weights))
        .hasMessage("Replica: expected an open replica. Received: one already closed.");
  }

  @Test
  void aNetworkThatCannotBeTrainedLeavesNothingOpen() {
    assertThatThrownBy(
            () ->
                Replica.training(SmallNetwork.TEXT.replace("units=3", "units=0"), 2, ROWS, 1 << 20))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'logits' (Dense, line 10): attribute 'units': expected an integer > 0. Received:"
                + " 0.");
  }

  @Test
  void buffersOfAnotherSizeAreRefused() {
    try (Replica replica = SmallNetwork.training(2)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      int rowBytes = replica.description().rowBytes();
      ByteBuffer few = AlignedMemory.allocate((long) ROWS * rowBytes - 4);
      ByteBuffer heap = ByteBuffer.allocate(ROWS * rowBytes);

      assertThatThrownBy(
              () -> replica.addGradient(few, ROWS, weights, sum, KEY, BucketListener.NONE))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("Buffer records: expected a direct buffer of 28416 bytes. Received: 28412.");
      assertThatThrownBy(
              () -> replica.addGradient(heap, ROWS, weights, sum, KEY, BucketListener.NONE))
          .hasMessage(
              "Buffer records: expected a direct buffer of 28416 bytes. Received: none that is"
                  + " direct.");
      assertThatThrownBy(
              () ->
                  replica.addGradient(
                      RECORDS, ROWS, Weights.allocate(8), sum, KEY, BucketListener.NONE))
          .hasMessage(
              "Buffer weights: expected a direct buffer of %d bytes. Received: 32.",
              weights.count() * 4);
      assertThatThrownBy(
              () ->
                  replica.addGradient(
                      RECORDS, ROWS, weights, GradientSum.allocate(8), KEY, BucketListener.NONE))
          .hasMessage(
              "Buffer gradient: expected a direct buffer of %d bytes. Received: 32.",
              weights.count() * 4);

      replica.addGradient(RECORDS, ROWS, weights, sum, KEY, BucketListener.NONE);
      SmallNetwork.assertClose(
          sum, SmallNetwork.gradient(SmallNetwork.TEXT, 1, SmallNetwork.SMALL_BUCKETS));
    }
  }

  @Test
  void moreRowsThanPlannedAreRefused() {
    try (Replica replica = SmallNetwork.training(1)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());

      assertThatThrownBy(
              () -> replica.addGradient(RECORDS, 97, weights, sum, KEY, BucketListener.NONE))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("Replica: expected 0 to 96 rows. Received: 97.");
      assertThatThrownBy(() -> replica.evaluate(RECORDS, -1, weights))
          .hasMessage("Replica: expected 0 to 96 rows. Received: -1.");
    }
  }

  @Test
  void stretchesThatWereNotPlannedAreRefused() {
    try (Replica replica = Replica.training(SmallNetwork.TEXT, 1, ROWS, 2, 1 << 20)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());

      for (int[] ends : List.of(new int[] {1, 2, 3}, new int[] {5, 5}, new int[] {0, 5})) {
        assertThatThrownBy(
                () -> replica.addGradient(RECORDS, ends, weights, sum, KEY, BucketListener.NONE))
            .isExactlyInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "Replica: expected the ends of at most 2 stretches, rising. Received: "
                    + Arrays.toString(ends)
                    + ".");
      }
      assertThatThrownBy(
              () ->
                  replica.addGradient(
                      RECORDS, new int[] {90, 97}, weights, sum, KEY, BucketListener.NONE))
          .hasMessage("Replica: expected 0 to 96 rows. Received: 97.");
    }
  }

  @Test
  void cancelEndsTheStep() {
    try (Replica replica = SmallNetwork.training(2)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());

      assertThatThrownBy(
              () ->
                  replica.addGradient(RECORDS, ROWS, weights, sum, KEY, bucket -> replica.cancel()))
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessage("Replica: expected to run to the end. Received: a call of cancel or close.");
      assertThatThrownBy(
              () -> replica.addGradient(RECORDS, ROWS, weights, sum, KEY, BucketListener.NONE))
          .isExactlyInstanceOf(CancellationException.class);
    }
  }

  @Test
  void anInterruptEndsTheStepAndStaysSet() {
    try (Replica replica = SmallNetwork.training(2)) {
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      try {
        assertThatThrownBy(
                () ->
                    replica.addGradient(
                        RECORDS,
                        ROWS,
                        weights,
                        sum,
                        KEY,
                        bucket -> Thread.currentThread().interrupt()))
            .isExactlyInstanceOf(CancellationException.class)
            .hasMessage("Replica: expected to run to the end. Received: an interrupt.");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
      } finally {
        Thread.interrupted();
      }

      sum.clear();
      replica.addGradient(RECORDS, ROWS, weights, sum, KEY, BucketListener.NONE);
      SmallNetwork.assertClose(
          sum, SmallNetwork.gradient(SmallNetwork.TEXT, 1, SmallNetwork.SMALL_BUCKETS));
    }
  }

  @Test
  void closingFromAnotherThreadWaitsForTheLanes() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      Replica replica = SmallNetwork.training(3);
      Weights weights = SmallNetwork.weights(replica, 3);
      GradientSum sum = GradientSum.allocate(weights.count());
      AtomicReference<RuntimeException> thrown = new AtomicReference<>();
      CountDownLatch inStep = new CountDownLatch(1);
      Thread trainer =
          new Thread(
              () -> {
                try {
                  while (true) {
                    replica.addGradient(
                        RECORDS, ROWS, weights, sum, KEY, bucket -> inStep.countDown());
                  }
                } catch (RuntimeException e) {
                  thrown.set(e);
                }
              });
      trainer.start();
      inStep.await();
      replica.close();
      trainer.join();

      assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aForgottenReplicaIsFreed() throws InterruptedException {
    forget();

    for (int i = 0; i < 200 && Replica.openCount() > 0; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(Replica.openCount()).isZero();
  }

  private static void forget() {
    Replica replica = SmallNetwork.training(2);
    Weights weights = SmallNetwork.weights(replica, 3);
    GradientSum sum = GradientSum.allocate(weights.count());
    replica.addGradient(RECORDS, ROWS, weights, sum, KEY, BucketListener.NONE);
  }
}
