package dev.fovea.spark.training;

import dev.fovea.core.exchange.EpochReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One epoch of a training. The loss and the accuracy are means over all its rows, each counted with
 * its row weight, with the weights that its step began with; those of the validation rows are with
 * the weights that the epoch ended with.
 *
 * @param epoch number of the epoch, from 1
 * @param steps steps done since the training began
 * @param rows training rows
 * @param accuracy share of the rows predicted right, 0 to 1
 * @param validationLoss empty where there are no validation rows
 * @param validationAccuracy empty where there are no validation rows
 * @param learningRate rate of the last step
 * @param seconds time on the clock, evaluation included
 * @param rowsPerSecond training rows a second, evaluation left out
 * @param shares where the seconds went
 * @param replicas those that ended the epoch, by rank; none in a history of the first version
 * @param rebalanced what the epoch's times changed in the replicas' shares of the rows, and why;
 *     empty where nothing
 */
public record TrainingEpoch(
    long epoch,
    long steps,
    long rows,
    double loss,
    double accuracy,
    OptionalDouble validationLoss,
    OptionalDouble validationAccuracy,
    double learningRate,
    double seconds,
    double rowsPerSecond,
    EpochSeconds shares,
    List<ReplicaSeconds> replicas,
    String rebalanced) {
  public TrainingEpoch {
    replicas = List.copyOf(replicas);
  }

  static TrainingEpoch of(EpochReport report, String rebalanced) {
    boolean validated = report.validation().weight() > 0;
    return new TrainingEpoch(
        report.epoch() + 1,
        report.steps(),
        report.rows(),
        mean(report.training().loss(), report.training().weight()),
        mean(report.training().correct(), report.training().weight()),
        validated ? OptionalDouble.of(report.validation().meanLoss()) : OptionalDouble.empty(),
        validated ? OptionalDouble.of(report.validation().accuracy()) : OptionalDouble.empty(),
        report.learningRate(),
        (report.nanos().total() + report.evaluationNanos()) / 1e9,
        report.rowsPerSecond(),
        EpochSeconds.of(report),
        report.ranks().stream().map(ReplicaSeconds::of).toList(),
        rebalanced);
  }

  /** As JSON writes it; what is empty is left out. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("epoch", epoch);
    map.put("steps", steps);
    map.put("rows", rows);
    map.put("loss", loss);
    map.put("accuracy", accuracy);
    validationLoss.ifPresent(value -> map.put("validationLoss", value));
    validationAccuracy.ifPresent(value -> map.put("validationAccuracy", value));
    map.put("learningRate", learningRate);
    map.put("seconds", seconds);
    map.put("rowsPerSecond", rowsPerSecond);
    map.put("shares", shares.toMap());
    map.put("replicas", replicas.stream().map(ReplicaSeconds::toMap).toList());
    if (!rebalanced.isEmpty()) {
      map.put("rebalanced", rebalanced);
    }
    return map;
  }

  /**
   * Reads {@link #toMap}.
   *
   * @throws IllegalArgumentException if a number is missing
   */
  static TrainingEpoch fromMap(Map<?, ?> map) {
    return new TrainingEpoch(
        (long) number(map, "epoch"),
        (long) number(map, "steps"),
        (long) number(map, "rows"),
        number(map, "loss"),
        number(map, "accuracy"),
        optional(map, "validationLoss"),
        optional(map, "validationAccuracy"),
        number(map, "learningRate"),
        number(map, "seconds"),
        number(map, "rowsPerSecond"),
        EpochSeconds.fromMap(map.get("shares")),
        ReplicaSeconds.fromList(map.get("replicas")),
        map.get("rebalanced") instanceof String text ? text : "");
  }

  private static OptionalDouble optional(Map<?, ?> map, String key) {
    return map.containsKey(key) ? OptionalDouble.of(number(map, key)) : OptionalDouble.empty();
  }

  private static double number(Map<?, ?> map, String key) {
    if (map.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(
        "History: expected a number as '%s' of every epoch. Received: %s."
            .formatted(key, map.get(key)));
  }

  /** Rows that all weigh nothing have no mean; 0 can be written in every format. */
  private static double mean(double sum, double weight) {
    return weight > 0 ? sum / weight : 0;
  }
}
