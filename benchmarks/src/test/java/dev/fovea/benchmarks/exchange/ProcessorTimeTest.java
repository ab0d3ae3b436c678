package dev.fovea.benchmarks.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(30);

  @Test
  void whatAChildWorksIsCounted() throws IOException, InterruptedException {
    long before = ProcessorTime.ofExecutors();
    Process child = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    try {
      long began = System.nanoTime();
      while (ProcessorTime.ofExecutors() - before < TimeUnit.MILLISECONDS.toNanos(50)) {
        assertThat(System.nanoTime() - began).isLessThan(DEADLINE);
        Thread.sleep(10);
      }
    } finally {
      var unused = child.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatThisProcessWorksIsCounted() {
    long before = ProcessorTime.ofDriver();
    long began = System.nanoTime();
    while (ProcessorTime.ofDriver() == before) {
      assertThat(System.nanoTime() - began).isLessThan(DEADLINE);
    }
  }
}
