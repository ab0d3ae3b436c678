package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SkippedRowsTest {
  private static SkippedRows of(int... partitions) {
    SkippedRows rows = new SkippedRows();
    for (int partition : partitions) {
      rows.add(partition);
    }
    return rows;
  }

  @Test
  void partitionsAddUp() {
    SkippedRows rows = of(0, 0, 3);
    rows.merge(of(1));
    assertThat(rows.value()).isEqualTo(4);
  }

  @Test
  void aPartitionThatIsReadAgainIsCountedOnce() {
    SkippedRows rows = of(0, 0, 3);
    rows.merge(of(0, 0));
    assertThat(rows.value()).isEqualTo(3);
  }

  @Test
  void aCopyIsApart() {
    SkippedRows rows = of(5);
    SkippedRows copy = rows.copy();
    copy.reset();
    assertThat(copy.isZero()).isTrue();
    assertThat(rows.isZero()).isFalse();
  }
}
