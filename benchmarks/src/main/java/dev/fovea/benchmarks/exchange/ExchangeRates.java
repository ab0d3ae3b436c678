package dev.fovea.benchmarks.exchange;

import dev.fovea.benchmarks.engine.Contest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What a step costs in each way of averaging, measured in turns.
 *
 * @param megabytes of weights, of 10^6 bytes
 * @param millis of a step, by the name of the way, in {@link #WAYS}
 * @param driverCpuMillis of a step, on all threads of the driver
 * @param executorCpuMillis of a step, on all threads of all executors
 */
public record ExchangeRates(
    double megabytes,
    Contest<String> millis,
    Contest<String> driverCpuMillis,
    Contest<String> executorCpuMillis) {
  public static final String JOB = "a job a step";
  public static final String SOCKETS = "sockets";
  public static final String FOVEA = "Fovea";
  public static final List<String> WAYS = List.of(JOB, FOVEA, SOCKETS);

  /** Sizes that are measured, in megabytes of weights. */
  public static final List<Double> SIZES = List.of(0.25, 25.0);

  private static final int LEAST_WARM_STEPS = 2;
  private static final int LEAST_STEPS = 8;

  /** Of the block that is not counted: the JVMs of driver and executors compile meanwhile. */
  static final double WARM_SECONDS = 4;

  static final double MEGABYTES_A_SECOND = 500; // about what a driver moves

  private static final double JOB_SECONDS = 0.1; // about

  /** Measures; the session has that many executors, of one core each. */
  public static ExchangeRates measure(
      SparkSession spark, int ranks, double megabytes, double seconds, int rounds)
      throws Exception {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ExchangeNetwork network = new ExchangeNetwork(megabytes);
    int floats = network.floats();
    ExchangeRates rates =
        new ExchangeRates(
            floats * (double) Float.BYTES / 1e6, new Contest<>(), new Contest<>(), new Contest<>());
    Map<String, Averaging> ways = new LinkedHashMap<>();
    ways.put(JOB, new JobAveraging(context, ranks, floats));
    ways.put(FOVEA, new EndpointAveraging(context, ranks, network));
    ways.put(SOCKETS, new SocketAveraging(context, ranks, floats));
    double stepSeconds = 2 * ranks * rates.megabytes / MEGABYTES_A_SECOND;
    for (int round = -1; round < rounds; round++) { // the first warms up
      double block = round < 0 ? Math.max(seconds, WARM_SECONDS) : seconds;
      for (Map.Entry<String, Averaging> way : ways.entrySet()) {
        double each = stepSeconds + (way.getKey().equals(JOB) ? JOB_SECONDS : 0);
        int steps = Math.max(LEAST_STEPS, (int) (block / each));
        StepCost cost = way.getValue().measure(Math.max(LEAST_WARM_STEPS, steps / 4), steps);
        if (round >= 0) {
          rates.millis.add(way.getKey(), cost.millis());
          rates.driverCpuMillis.add(way.getKey(), cost.driverCpuMillis());
          rates.executorCpuMillis.add(way.getKey(), cost.executorCpuMillis());
        }
      }
    }
    return rates;
  }
}
