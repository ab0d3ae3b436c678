package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExecutorShareTest {
  @Test
  void replicasOfAnExecutorDivideItsCache() {
    assertThat(new ExecutorShare(8, 1).cacheBytes(1000)).isEqualTo(1000);
    assertThat(new ExecutorShare(8, 4).cacheBytes(1000)).isEqualTo(250);
  }
}
