package dev.fovea.pipelines;

import dev.fovea.core.layer.Precision;
import dev.fovea.core.text.UnexpectedValueException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/**
 * What the command line of {@link TrainFashionMnist} says.
 *
 * @param data directory of the IDX files; none: glyphs are drawn instead
 * @param images how many glyphs to draw
 * @param precision what the network multiplies
 * @param output a directory of any file system that Hadoop knows
 * @param master Spark's master; none: the one that spark-submit set, else local[*]
 */
record TrainOptions(
    Optional<Path> data,
    int images,
    int epochs,
    int batchSize,
    long seed,
    Precision precision,
    String output,
    Optional<String> master,
    boolean help) {

  static final String HELP =
      """
      Trains a small CNN on Fashion-MNIST and measures it on the images it has not seen.

        --data DIR      directory with the four IDX files of Fashion-MNIST; without it, the job
                        draws its own set: glyphs in many fonts, sizes and angles
        --images N      how many glyphs to draw, without --data (12000)
        --epochs N      passes over the training images (8)
        --batch-size N  images per step, over all executors together (64)
        --seed N        of everything drawn at random: same seed, same digits (42)
        --precision P   what the network multiplies: float32 or bfloat16 (float32)
        --output DIR    where the model and the pictures go, replaced if there (fashion-mnist-model)
        --master URL    Spark's master (what spark-submit says, else local[*])
        --help          print this
      """;

  static TrainOptions parse(String... arguments) {
    Optional<Path> data = Optional.empty();
    int images = 12_000;
    int epochs = 8;
    int batchSize = 64;
    long seed = 42;
    Precision precision = Precision.FLOAT32;
    String output = "fashion-mnist-model";
    Optional<String> master = Optional.empty();
    boolean help = false;
    Iterator<String> words = Arrays.asList(arguments).iterator();
    while (words.hasNext()) {
      String option = words.next();
      if (option.equals("--help")) {
        help = true;
        continue;
      }
      String value = words.hasNext() ? words.next() : null;
      switch (option) {
        case "--data" -> data = Optional.of(Path.of(text(option, value)));
        case "--images" -> images = integer(option, value, 60);
        case "--epochs" -> epochs = integer(option, value, 1);
        case "--batch-size" -> batchSize = integer(option, value, 1);
        case "--seed" -> seed = number(option, value);
        case "--precision" -> precision = precision(option, value);
        case "--output" -> output = text(option, value);
        case "--master" -> master = Optional.of(text(option, value));
        default ->
            throw new UsageException(
                "Command line: expected one of --data, --images, --epochs, --batch-size, --seed,"
                    + " --precision, --output, --master, --help. Received: '"
                    + option
                    + "'.");
      }
    }
    return new TrainOptions(data, images, epochs, batchSize, seed, precision, output, master, help);
  }

  private static String text(String option, String value) {
    if (value == null || value.isEmpty() || value.startsWith("--")) {
      throw unexpected(option, "a value", value == null ? "nothing" : "'" + value + "'");
    }
    return value;
  }

  private static long number(String option, String value) {
    String text = text(option, value);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw unexpected(option, "an integer", "'" + text + "'");
    }
  }

  private static Precision precision(String option, String value) {
    try {
      return Precision.parse(text(option, value));
    } catch (UnexpectedValueException e) {
      throw new UsageException("Option " + option + ": " + e.getMessage());
    }
  }

  private static int integer(String option, String value, int least) {
    long number = number(option, value);
    if (number < least || number > Integer.MAX_VALUE) {
      throw unexpected(option, "an integer >= " + least, Long.toString(number));
    }
    return (int) number;
  }

  private static UsageException unexpected(String option, String expected, String received) {
    return new UsageException(
        "Option " + option + ": expected " + expected + ". Received: " + received + ".");
  }
}
