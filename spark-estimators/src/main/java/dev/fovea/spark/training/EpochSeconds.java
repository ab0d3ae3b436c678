package dev.fovea.spark.training;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepNanos;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the time of an epoch went, in seconds on the clock: compute, exchange, optimizer and
 * evaluation add up to it.
 *
 * @param compute reading rows, forward and backward, of the slowest replica of each step
 * @param exchange what averaging took that no computing hid
 * @param optimizer new weights from the gradient
 * @param evaluation of the validation rows
 * @param hiddenExchange of the compute time, that in which gradients were already on their way
 */
public record EpochSeconds(
    double compute, double exchange, double optimizer, double evaluation, double hiddenExchange) {
  private static final double NANOS = 1e9;

  static EpochSeconds of(EpochReport report) {
    StepNanos nanos = report.nanos();
    return new EpochSeconds(
        nanos.compute() / NANOS,
        nanos.exchange() / NANOS,
        nanos.optimizer() / NANOS,
        report.evaluationNanos() / NANOS,
        nanos.hiddenExchange() / NANOS);
  }

  public double total() {
    return compute + exchange + optimizer + evaluation;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("compute", compute);
    map.put("exchange", exchange);
    map.put("optimizer", optimizer);
    map.put("evaluation", evaluation);
    map.put("hiddenExchange", hiddenExchange);
    return map;
  }

  /** Reads {@link #toMap}; what is missing, as in models of the first version, is 0. */
  static EpochSeconds fromMap(Object map) {
    return new EpochSeconds(
        number(map, "compute"),
        number(map, "exchange"),
        number(map, "optimizer"),
        number(map, "evaluation"),
        number(map, "hiddenExchange"));
  }

  private static double number(Object map, String key) {
    return map instanceof Map<?, ?> values && values.get(key) instanceof Number number
        ? number.doubleValue()
        : 0;
  }
}
