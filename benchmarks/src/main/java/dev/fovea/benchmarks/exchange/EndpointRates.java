package dev.fovea.benchmarks.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** What a step of Fovea's exchange costs, by itself. */
public final class EndpointRates {
  private static final int LEAST_STEPS = 8;
  private static final double LEAST_MILLIS = 1; // about what a step takes that moves nothing

  private EndpointRates() {}

  /**
   * Measures networks in turns; the session has that many executors, of one core each.
   *
   * @return for each network its least figures: what else the machine does only adds to them
   */
  public static List<StepCost> measure(
      SparkSession spark, int ranks, List<ExchangeNetwork> networks, double seconds, int rounds)
      throws Exception {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<List<StepCost>> costs =
        networks.stream().<List<StepCost>>map(n -> new ArrayList<>()).toList();
    for (int round = -1; round < rounds; round++) { // the first warms up
      double block = round < 0 ? Math.max(seconds, ExchangeRates.WARM_SECONDS) : seconds;
      for (int i = 0; i < networks.size(); i++) {
        ExchangeNetwork network = networks.get(i);
        double moving = 2e3 * ranks * network.megabytes() / ExchangeRates.MEGABYTES_A_SECOND;
        int steps = Math.max(LEAST_STEPS, (int) (1e3 * block / (LEAST_MILLIS + moving)));
        StepCost cost =
            new EndpointAveraging(context, ranks, network).measure(1 + steps / 4, steps);
        if (round >= 0) {
          costs.get(i).add(cost);
        }
      }
    }
    return IntStream.range(0, networks.size()).mapToObj(i -> least(costs.get(i))).toList();
  }

  private static StepCost least(List<StepCost> costs) {
    return new StepCost(
        costs.stream().mapToDouble(StepCost::millis).min().orElseThrow(),
        costs.stream().mapToDouble(StepCost::driverCpuMillis).min().orElseThrow(),
        costs.stream().mapToDouble(StepCost::executorCpuMillis).min().orElseThrow());
  }
}
