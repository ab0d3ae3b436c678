package dev.fovea.benchmarks.exchange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** What a step of Fovea's exchange costs, by itself. */
public final class EndpointRates {
  private static final int WARM_STEPS = 5;
  private static final double MEGABYTES_A_SECOND = 500; // about what a driver moves

  private EndpointRates() {}

  /**
   * Measures; the session has that many executors, of one core each.
   *
   * @return the fastest round: what else the machine does only adds
   */
  public static StepCost measure(
      SparkSession spark, int ranks, ExchangeNetwork network, double seconds, int rounds)
      throws Exception {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Averaging averaging = new EndpointAveraging(context, ranks, network);
    double millis = 1 + 2 * ranks * network.megabytes() / MEGABYTES_A_SECOND * 1e3;
    int steps = Math.max(WARM_STEPS, (int) (seconds * 1e3 / millis));
    List<StepCost> costs = new ArrayList<>();
    for (int round = -1; round < rounds; round++) { // the first warms up
      StepCost cost = averaging.measure(WARM_STEPS, steps);
      if (round >= 0) {
        costs.add(cost);
      }
    }
    return costs.stream().min(Comparator.comparingDouble(StepCost::millis)).orElseThrow();
  }
}
