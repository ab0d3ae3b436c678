package dev.fovea.benchmarks.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Rates of several contenders, measured in turns: round by round, each has one block of time.
 *
 * @param <T> who contends
 */
public final class Contest<T> {
  private final Map<T, List<Double>> rates = new LinkedHashMap<>();

  /** Notes the block of a round; every contender has one a round. */
  public void add(T contender, double rate) {
    rates.computeIfAbsent(contender, unused -> new ArrayList<>()).add(rate);
  }

  /** Takes one out of the contest. */
  public void remove(T contender) {
    rates.remove(contender);
  }

  /** The median of its rounds; empty where it did not take part. */
  public Optional<Double> rate(T contender) {
    return Optional.ofNullable(rates.get(contender)).map(Contest::median);
  }

  /** The fastest of those: the one with the largest median. */
  public Optional<T> best(Predicate<T> those) {
    return rates.keySet().stream()
        .filter(those)
        .max((a, b) -> Double.compare(median(rates.get(a)), median(rates.get(b))));
  }

  /**
   * The median, over the rounds, of how often {@code contender}'s rate is {@code other}'s: what
   * slows a whole round leaves it alone.
   */
  public double ratio(T contender, T other) {
    List<Double> ours = rates.get(contender);
    List<Double> theirs = rates.get(other);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return median(ratios);
  }

  /** The middle value, the mean of the two in the middle for an even number. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return Arrays.stream(sorted, (sorted.length - 1) / 2, half + 1).average().orElseThrow();
  }
}
