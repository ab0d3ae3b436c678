package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class CacheBudgetTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void whereNobodyCountsItIsHalfOfTheHeap() {
    assertThat(CacheBudget.bytes(conf("spark://host:7077")))
        .isEqualTo(Runtime.getRuntime().maxMemory() / 2);
  }

  @Test
  void inContainersItIsHalfOfTheOverhead() {
    assertThat(CacheBudget.bytes(conf("yarn"))).isEqualTo(192 * MEGABYTE);
    assertThat(CacheBudget.bytes(conf("yarn").set("spark.executor.memory", "8g")))
        .isEqualTo(409 * MEGABYTE + MEGABYTE / 2);
    assertThat(
            CacheBudget.bytes(
                conf("k8s://https://host").set("spark.executor.memoryOverhead", "2g")))
        .isEqualTo(1024 * MEGABYTE);
    assertThat(CacheBudget.bytes(conf("yarn").set("spark.executor.memoryOverheadFactor", "0.5")))
        .isEqualTo(256 * MEGABYTE);
  }

  @Test
  void inContainersItIsNoMoreThanTheJvmGivesOutsideTheHeap() {
    assertThat(CacheBudget.bytes(conf("yarn").set("spark.executor.memoryOverhead", "1t")))
        .isEqualTo(Runtime.getRuntime().maxMemory() / 2);
  }

  private static SparkConf conf(String master) {
    return new SparkConf(false).setMaster(master);
  }
}
