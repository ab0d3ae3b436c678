package dev.fovea.benchmarks;

import dev.fovea.core.layer.Numbers;
import dev.fovea.core.network.Network;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.zoo.SmallCnn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Prints, as a markdown table, how many rows a second the network of {@code train-fashion-mnist}
 * trains and predicts: the bare core, then through Spark on the same machine in the same run.
 */
public final class TrainingBenchmark {
  private static final int SIDE = 28; // pixels, as Fashion-MNIST
  private static final int CLASSES = 10;
  private static final int BATCH_SIZE = 128;
  private static final int ROWS = 30_000;
  private static final int EPOCHS = 4;
  private static final String HELP =
      """
      Prints the training and prediction throughput of the Fashion-MNIST network, bare and in Spark.

        --seconds S   how long to measure each figure of the core (5)
        --help        print this
      """;

  private TrainingBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    double seconds = 5;
    if (List.of(arguments).equals(List.of("--help"))) {
      System.out.print(HELP);
      return;
    }
    if (arguments.length > 0) {
      seconds = seconds(arguments);
      if (Double.isNaN(seconds)) {
        System.err.println(
            "Command line: expected nothing, --help, or --seconds and a number > 0. Received: '"
                + String.join(" ", arguments)
                + "'.");
        System.exit(2);
      }
    }
    run(seconds);
  }

  private static double seconds(String[] arguments) {
    if (arguments.length != 2 || !arguments[0].equals("--seconds")) {
      return Double.NaN;
    }
    try {
      double seconds = Double.parseDouble(arguments[1]);
      return seconds > 0 && Double.isFinite(seconds) ? seconds : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static void run(double seconds) throws Exception {
    Numbers scale = Numbers.of(127.5);
    Network network =
        SmallCnn.network(Shape.of(SIDE, SIDE, 1), DataType.UINT8, scale, scale, CLASSES);
    Throughput throughput = new Throughput(seconds);
    int cores = Runtime.getRuntime().availableProcessors();
    List<String> table = new ArrayList<>();

    CoreBenchmark core = new CoreBenchmark(network, CLASSES, throughput);
    double oneLane = core.trainRowsPerSecond(1, BATCH_SIZE);
    double allLanes = cores == 1 ? oneLane : core.trainRowsPerSecond(cores, BATCH_SIZE);
    double predictor = core.predictRowsPerSecond(cores);
    table.add(line("train, bare core, 1 lane", oneLane, oneLane / allLanes));
    table.add(line("train, bare core, " + cores + " lanes", allLanes, 1));

    try (SparkSession spark =
        SparkSession.builder().appName("TrainingBenchmark").master("local[*]").getOrCreate()) {
      SparkBenchmark inSpark = new SparkBenchmark(spark, network, SIDE, CLASSES, ROWS, EPOCHS);
      SparkBenchmark.FitRate fit = inSpark.fit(BATCH_SIZE);
      double transform = inSpark.transformRowsPerSecond(throughput, BATCH_SIZE);
      table.add(line("train, `fit`, steady", fit.steady(), fit.steady() / allLanes));
      table.add(line("train, `fit`, end to end", fit.endToEnd(), fit.endToEnd() / allLanes));
      table.add(line("predict, bare core, " + cores + " threads", predictor, 1));
      table.add(line("predict, `transform`", transform, transform / predictor));
      Machine.lines(spark.version()).forEach(System.out::println);
    }
    System.out.printf(
        Locale.ROOT,
        "%nNetwork: SmallCnn, %d x %d x 1 uint8, %,d weights, %d rows a step, Adam.%n"
            + "`fit`: %,d rows, %d epochs; steady is the median epoch, end to end the whole call.%n%n",
        SIDE,
        SIDE,
        network.describe().weightCount(),
        BATCH_SIZE,
        ROWS,
        EPOCHS);
    System.out.println("| | rows/s | of the bare core |");
    System.out.println("|---|---:|---:|");
    table.forEach(System.out::println);
  }

  private static String line(String what, double rowsPerSecond, double ofCore) {
    return String.format(Locale.ROOT, "| %s | %,.0f | %.2f |", what, rowsPerSecond, ofCore);
  }
}
