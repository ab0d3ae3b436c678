package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatLanesTest {
  private static final int SMALL = 256 * 1024;
  private static final int SMALL_FOR_A_TEAM_AT_WORK = 16 * 1024;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void slicesCoverTheRangeOnce(int lanes) {
    FlatLanes flat = new FlatLanes(lanes);
    for (int count : new int[] {0, 1, SMALL, SMALL + 1, 3 * SMALL + 851}) {
      AtomicIntegerArray visits = new AtomicIntegerArray(100 + count + 100);
      flat.run(
          100,
          count,
          (offset, floats) -> {
            for (long i = offset; i < offset + floats; i++) {
              visits.incrementAndGet((int) i);
            }
          });
      for (int i = 0; i < visits.length(); i++) {
        assertThat(visits.get(i)).as("float %d", i).isEqualTo(i >= 100 && i < 100 + count ? 1 : 0);
      }
    }
  }

  @Test
  void aLargePassRunsOnEveryLaneAndASmallOneOnTheCallers() {
    FlatLanes flat = new FlatLanes(3);

    assertThat(threads(flat, SMALL)).containsExactly(Thread.currentThread());
    assertThat(threads(flat, SMALL + 1)).hasSize(3);
  }

  @Test
  void aTeamThatWorksBetweenPassesSharesSmallerOnes() {
    FlatLanes flat = new FlatLanes(new Lanes(3));

    assertThat(threads(flat, SMALL_FOR_A_TEAM_AT_WORK)).containsExactly(Thread.currentThread());
    assertThat(threads(flat, SMALL_FOR_A_TEAM_AT_WORK + 1)).hasSize(3);
  }

  private static Set<Thread> threads(FlatLanes flat, long floats) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    flat.run(0, floats, (offset, count) -> threads.add(Thread.currentThread()));
    return threads;
  }

  @Test
  void aCallWhileTheLanesAreTakenRunsOnItsOwnThread() throws InterruptedException {
    FlatLanes flat = new FlatLanes(2);
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () ->
                flat.run(
                    0,
                    SMALL + 1,
                    (offset, count) -> {
                      taken.countDown();
                      awaitUninterruptibly(release);
                    }));
    holder.start();
    taken.await();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();

    flat.run(0, SMALL + 1, (offset, count) -> threads.add(Thread.currentThread()));

    release.countDown();
    holder.join();
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
