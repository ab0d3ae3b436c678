package dev.fovea.benchmarks.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuLimitsTest {
  @Test
  void aLimitedProcessWorksLessThanOneThatIsNot() throws IOException, InterruptedException {
    assumeTrue(CpuLimits.available(), "this process may not make control groups");
    Process limited = spin();
    Process free = spin();
    try (CpuLimits limits = CpuLimits.of(0.1, List.of(limited.toHandle()))) {
      Duration before = worked(limited);
      Duration freeBefore = worked(free);
      Thread.sleep(1500);
      Duration passed = worked(limited).minus(before);
      assertThat(passed).isBetween(Duration.ofMillis(20), Duration.ofMillis(300));
      assertThat(worked(free).minus(freeBefore)).isGreaterThan(passed);

      limits.close();
      Duration lifted = worked(limited);
      long began = System.nanoTime();
      while (worked(limited).minus(lifted).toMillis() < 300) {
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        Thread.sleep(20);
      }
    } finally {
      var unused = limited.destroyForcibly().waitFor() + free.destroyForcibly().waitFor();
    }
  }

  private static Process spin() throws IOException {
    return new ProcessBuilder("sh", "-c", "while :; do :; done").start();
  }

  private static Duration worked(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }
}
