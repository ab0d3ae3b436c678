package dev.fovea.benchmarks.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuLimitsTest {
  @Test
  void aLimitedProcessWorksItsShareUntilTheLimitIsLifted()
      throws IOException, InterruptedException {
    assumeTrue(CpuLimits.available(), "this process may not make control groups");
    Process process = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    try {
      try (CpuLimits unusedUntilClosed = CpuLimits.of(0.1, List.of(process.toHandle()))) {
        assertThat(groups(process.pid())).contains("fovea-");
        long began = System.nanoTime();
        long before = worked(process);
        Thread.sleep(1000);
        long worked = worked(process) - before;
        assertThat(worked).isBetween(1L, (System.nanoTime() - began) / 5);
      }
      assertThat(groups(process.pid())).isEqualTo(groups(ProcessHandle.current().pid()));
    } finally {
      var unused = process.destroyForcibly().waitFor();
    }
  }

  private static String groups(long process) throws IOException {
    return Files.readString(Path.of("/proc/" + process + "/cgroup"));
  }

  /** Nanoseconds of a core. */
  private static long worked(Process process) {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }
}
