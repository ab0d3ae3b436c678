package dev.fovea.benchmarks;

import dev.fovea.benchmarks.core.BenchmarkNetworks;
import dev.fovea.benchmarks.engine.Engine;
import dev.fovea.benchmarks.engine.Engines;
import dev.fovea.benchmarks.engine.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the command line of {@link Benchmark} says.
 *
 * @param tables which tables to print
 * @param threads how many threads an engine has, one number after the other
 * @param seconds of one block of a contender
 * @param rounds in which every contender has a block
 * @param cores of a simulated executor, and of its driver
 * @param gigaflops of such a core: 10^9 operations a second
 * @param gradientBits of a simulated gradient's number, on the wire
 */
record BenchmarkOptions(
    List<String> tables,
    List<String> networks,
    List<String> engines,
    List<Precision> precisions,
    List<Integer> threads,
    double seconds,
    int rounds,
    int cores,
    double gigaflops,
    double gradientBits,
    boolean help) {

  static final String THROUGHPUT = "throughput";
  static final String MEMORY = "memory";
  static final String SPARK = "spark";
  static final String KERNELS = "kernels";
  static final String EXCHANGE = "exchange";

  /** The table of {@code --simulate}: computed, but for a few steps. */
  static final String SIMULATION = "simulation";

  static final List<String> TABLES = List.of(THROUGHPUT, MEMORY, SPARK, EXCHANGE, KERNELS);

  static final String HELP =
      """
      Prints, as markdown, how fast networks train and predict, bare and inside Spark. It takes half
      an hour; with --peers, forty minutes and more.

        --peers           measure the peers too, in turns with Fovea: those that bin/setup --peers
                          has installed
        --tables A,B      which tables: throughput, memory, spark, exchange, kernels (all)
        --networks A,B    which networks: %s (all)
        --engines A,B     which engines: %s (fovea; with --peers all)
        --precisions A,B  float32, bfloat16 (float32; and bfloat16 where this CPU has instructions
                          for it)
        --threads A,B     threads of an engine (1, and as many as there are cores)
        --seconds S       how long an engine works before it is the next one's turn (0.4)
        --rounds N        turns of each engine; the median counts (5)
        --simulate        print what 2 to 256 executors would give, and what 2 do give; other
                          tables only with --tables
        --cores N         cores of a simulated executor, and of its driver (8)
        --gflops G        10^9 operations a second of such a core, as the layers' definitions count
                          them (100)
        --gradient-bits B of a number of a simulated gradient on its way to the driver (32; 16 is
                          what gradientCompression=bfloat16 sends)
        --help            print this
      """
          .formatted(String.join(", ", BenchmarkNetworks.names()), String.join(", ", Engines.KEYS));

  static BenchmarkOptions parse(int cores, boolean bfloat16, String... arguments) {
    boolean peers = false;
    boolean help = false;
    boolean simulate = false;
    List<String> tables = List.of();
    List<String> networks = BenchmarkNetworks.names();
    List<String> engines = List.of();
    List<Precision> precisions =
        bfloat16 ? List.of(Precision.values()) : List.of(Precision.FLOAT32);
    List<Integer> threads = cores == 1 ? List.of(1) : List.of(1, cores);
    double seconds = 0.4;
    int rounds = 5;
    int simulatedCores = 8;
    double gigaflops = 100;
    double gradientBits = Float.SIZE;
    Iterator<String> words = Arrays.asList(arguments).iterator();
    while (words.hasNext()) {
      String option = words.next();
      switch (option) {
        case "--peers" -> peers = true;
        case "--help" -> help = true;
        case "--tables" -> tables = list(option, words, TABLES);
        case "--networks" -> networks = list(option, words, BenchmarkNetworks.names());
        case "--engines" -> engines = list(option, words, Engines.KEYS);
        case "--precisions" -> precisions = precisions(option, words);
        case "--threads" -> threads = counts(option, words);
        case "--seconds" -> seconds = positive(option, words);
        case "--rounds" -> rounds = count(option, value(option, words));
        case "--simulate" -> simulate = true;
        case "--cores" -> simulatedCores = count(option, value(option, words));
        case "--gflops" -> gigaflops = positive(option, words);
        case "--gradient-bits" -> gradientBits = positive(option, words);
        default ->
            throw new UsageException(
                "Command line: expected one of --peers, --tables, --networks, --engines,"
                    + " --precisions, --threads, --seconds, --rounds, --simulate, --cores,"
                    + " --gflops, --gradient-bits, --help. Received: '"
                    + option
                    + "'.");
      }
    }
    if (engines.isEmpty()) {
      engines = peers ? Engines.KEYS : List.of(Engine.FOVEA);
    }
    return new BenchmarkOptions(
        tables(tables, simulate),
        networks,
        engines,
        precisions,
        threads,
        seconds,
        rounds,
        simulatedCores,
        gigaflops,
        gradientBits,
        help);
  }

  private static List<String> tables(List<String> asked, boolean simulate) {
    if (!simulate) {
      return asked.isEmpty() ? TABLES : asked;
    }
    return Stream.concat(asked.stream(), Stream.of(SIMULATION)).toList();
  }

  /** True where a peer is to be measured. */
  boolean peers() {
    return engines.stream().anyMatch(key -> !key.equals(Engine.FOVEA));
  }

  private static String value(String option, Iterator<String> words) {
    String value = words.hasNext() ? words.next() : "";
    if (value.isEmpty() || value.startsWith("--")) {
      throw unexpected(option, "a value", value.isEmpty() ? "nothing" : "'" + value + "'");
    }
    return value;
  }

  private static List<String> list(String option, Iterator<String> words, List<String> known) {
    List<String> values = List.of(value(option, words).split(",", -1));
    for (String value : values) {
      if (!known.contains(value)) {
        throw unexpected(option, "some of " + String.join(",", known), "'" + value + "'");
      }
    }
    return known.stream().filter(values::contains).toList();
  }

  private static List<Precision> precisions(String option, Iterator<String> words) {
    List<String> known = Stream.of(Precision.values()).map(Precision::word).toList();
    List<String> wanted = list(option, words, known);
    return Stream.of(Precision.values()).filter(p -> wanted.contains(p.word())).toList();
  }

  private static List<Integer> counts(String option, Iterator<String> words) {
    List<Integer> counts = new ArrayList<>();
    for (String value : value(option, words).split(",", -1)) {
      counts.add(count(option, value));
    }
    return counts;
  }

  private static int count(String option, String value) {
    try {
      int count = Integer.parseInt(value);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below, with those that are too small
    }
    throw unexpected(option, "an integer > 0", "'" + value + "'");
  }

  private static double positive(String option, Iterator<String> words) {
    String value = value(option, words);
    try {
      double number = Double.parseDouble(value);
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, with those that are too small or too large
    }
    throw unexpected(option, "a number > 0", "'" + value + "'");
  }

  private static UsageException unexpected(String option, String expected, String received) {
    return new UsageException(
        "Option " + option + ": expected " + expected + ". Received: " + received + ".");
  }
}
