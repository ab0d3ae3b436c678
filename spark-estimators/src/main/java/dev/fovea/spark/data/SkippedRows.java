package dev.fovea.spark.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts the rows that {@code handleInvalid=skip} left out. Keeps one number per partition and
 * takes the larger of two, so that a partition that Spark reads again is not counted twice. Spark's
 * heartbeat reads it while a task counts, hence the concurrent map.
 */
public final class SkippedRows extends AccumulatorV2<Integer, Long> {
  private static final long serialVersionUID = 1;

  private final Map<Integer, Long> byPartition = new ConcurrentHashMap<>();

  /** Counts one row of the partition. */
  @Override
  public void add(Integer partition) {
    byPartition.merge(partition, 1L, Long::sum);
  }

  @Override
  public void merge(AccumulatorV2<Integer, Long> other) {
    ((SkippedRows) other).byPartition.forEach((p, rows) -> byPartition.merge(p, rows, Math::max));
  }

  /** Rows left out, over all partitions. */
  @Override
  public Long value() {
    return byPartition.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public boolean isZero() {
    return byPartition.isEmpty();
  }

  @Override
  public SkippedRows copy() {
    SkippedRows copy = new SkippedRows();
    copy.byPartition.putAll(byPartition);
    return copy;
  }

  @Override
  public void reset() {
    byPartition.clear();
  }
}
