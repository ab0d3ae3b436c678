package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

class LanesTest {
  @Test
  void everyLaneRunsOnceOnItsOwnThread() {
    AtomicReferenceArray<Thread> threads = new AtomicReferenceArray<>(3);
    try (Lanes lanes = new Lanes(3)) {
      lanes.run(lane -> threads.set(lane, Thread.currentThread()));
      Thread second = threads.get(1);
      lanes.run(lane -> threads.set(lane, Thread.currentThread()));

      assertThat(threads.get(0)).isSameAs(Thread.currentThread());
      assertThat(threads.get(1)).isSameAs(second).isNotSameAs(threads.get(2));
      assertThat(second.isDaemon()).isTrue();
      assertThat(second.getName()).matches("fovea-replica-[0-9]+-lane-1");
    }
  }

  @Test
  void manyMeetingsOfAllKindsEnd() throws InterruptedException {
    AtomicIntegerArray runs = new AtomicIntegerArray(4);
    try (Lanes lanes = new Lanes(4)) {
      for (int round = 0; round < 3000; round++) {
        int late = round;
        lanes.run(
            lane -> {
              runs.incrementAndGet(lane);
              if (late % 100 == lane) {
                sleep(1); // The others park.
              }
            });
        if (round % 100 == 50) {
          Thread.sleep(1); // All park.
        }
      }
    }
    for (int lane = 0; lane < 4; lane++) {
      assertThat(runs.get(lane)).isEqualTo(3000);
    }
  }

  @Test
  void theLowestFailureIsThrownWhenAllHaveEnded() {
    Set<Integer> ended = ConcurrentHashMap.newKeySet();
    try (Lanes lanes = new Lanes(3)) {
      assertThatThrownBy(
              () ->
                  lanes.run(
                      lane -> {
                        sleep(lane == 0 ? 20 : 0);
                        ended.add(lane);
                        if (lane > 0) {
                          throw new IllegalStateException("lane " + lane);
                        }
                      }))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage("lane 1");
      assertThat(ended).containsExactlyInAnyOrder(0, 1, 2);
      assertThat(lanes.failed()).isTrue();

      lanes.run(lane -> ended.remove(lane));
      assertThat(ended).isEmpty();
      assertThat(lanes.failed()).isFalse();
    }
  }

  @Test
  void anErrorOfALaneReachesTheCaller() {
    try (Lanes lanes = new Lanes(2)) {
      assertThatThrownBy(
              () ->
                  lanes.run(
                      lane -> {
                        if (lane == 1) {
                          throw new OutOfMemoryError("native");
                        }
                      }))
          .isExactlyInstanceOf(OutOfMemoryError.class)
          .hasMessage("native");
    }
  }

  @Test
  void anInterruptNeitherEndsTheMeetingNorIsLost() {
    Set<Integer> ended = ConcurrentHashMap.newKeySet();
    try (Lanes lanes = new Lanes(2)) {
      Thread.currentThread().interrupt();
      lanes.run(
          lane -> {
            if (lane == 1) {
              sleep(20);
            }
            ended.add(lane);
          });

      assertThat(ended).containsExactlyInAnyOrder(0, 1);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    AtomicReferenceArray<Thread> threads = new AtomicReferenceArray<>(2);
    Lanes lanes = new Lanes(2);
    lanes.run(lane -> threads.set(lane, Thread.currentThread()));
    lanes.close();
    lanes.close();
    threads.get(1).join(5000);

    assertThat(threads.get(1).isAlive()).isFalse();
    assertThatThrownBy(() -> lanes.run(lane -> {}))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("Lanes: expected a running team. Received: a closed one.");
  }

  @Test
  void threadsOfAForgottenTeamEnd() throws InterruptedException {
    WeakReference<Thread> second = forget();
    for (int i = 0; i < 200 && isAlive(second.get()); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(isAlive(second.get())).isFalse();
  }

  @Test
  void betweenTwoRunsNoWorkIsHeld() throws InterruptedException {
    try (Lanes lanes = new Lanes(2)) {
      WeakReference<Object> held = runWithObject(lanes);
      for (int i = 0; i < 200 && held.get() != null; i++) {
        System.gc();
        Thread.sleep(20);
      }
      assertThat(held.get()).isNull();
    }
  }

  private static WeakReference<Object> runWithObject(Lanes lanes) {
    Object object = new Object();
    lanes.run(lane -> assertThat(object).isNotNull());
    return new WeakReference<>(object);
  }

  private static boolean isAlive(Thread thread) {
    return thread != null && thread.isAlive();
  }

  @SuppressWarnings("resource") // The point of the test.
  private static WeakReference<Thread> forget() {
    AtomicReferenceArray<Thread> threads = new AtomicReferenceArray<>(2);
    new Lanes(2).run(lane -> threads.set(lane, Thread.currentThread()));
    return new WeakReference<>(threads.get(1));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
