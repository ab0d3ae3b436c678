package dev.fovea.spark.training;

import dev.fovea.core.exchange.RankReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One replica in one epoch. A lag that is a notable part of the epoch names a straggler: the others
 * waited for it.
 *
 * @param rank number of the replica, from 0
 * @param executor where it ran
 * @param rows its training rows
 * @param compute seconds of reading rows, forward and backward
 * @param lag seconds, over all steps, from the first replica's last gradient to its own
 */
public record ReplicaSeconds(int rank, String executor, long rows, double compute, double lag) {
  private static final double NANOS = 1e9;

  static ReplicaSeconds of(RankReport report) {
    return new ReplicaSeconds(
        report.rank(),
        report.executor(),
        report.rows(),
        report.computeNanos() / NANOS,
        report.lagNanos() / NANOS);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rank", rank);
    map.put("executor", executor);
    map.put("rows", rows);
    map.put("compute", compute);
    map.put("lag", lag);
    return map;
  }

  /** Reads a list of {@link #toMap}; none where there is no list, as in the first version. */
  static List<ReplicaSeconds> fromList(Object list) {
    return list instanceof List<?> maps
        ? maps.stream().map(map -> fromMap((Map<?, ?>) map)).toList()
        : List.of();
  }

  private static ReplicaSeconds fromMap(Map<?, ?> map) {
    return new ReplicaSeconds(
        ((Number) map.get("rank")).intValue(),
        (String) map.get("executor"),
        ((Number) map.get("rows")).longValue(),
        ((Number) map.get("compute")).doubleValue(),
        ((Number) map.get("lag")).doubleValue());
  }
}
