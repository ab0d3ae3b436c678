package dev.fovea.spark.param;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import scala.Function1;

/**
 * Checks of param values. Spark runs them in {@code set}, in a param grid and while loading, and
 * would say "given invalid value 0"; ours throw the message of the house instead of returning
 * false.
 */
final class ParamChecks {
  /** What a value must pass: throws IllegalArgumentException, or returns. */
  interface Check<T> extends Serializable {
    void accept(T value);
  }

  /** Spark's form of a check. Serializable, because params travel with their stages. */
  private interface SparkCheck<T> extends Function1<T, Object>, Serializable {}

  private ParamChecks() {}

  static <T> Function1<T, Object> check(Check<T> check) {
    SparkCheck<T> result =
        value -> {
          check.accept(value);
          return true;
        };
    return result;
  }

  static Function1<Object, Object> positiveInt(String param) {
    return check(value -> require((int) value > 0, param, "an integer > 0", value));
  }

  static Function1<Object, Object> intFrom(String param, int least) {
    return check(value -> require((int) value >= least, param, "an integer >= " + least, value));
  }

  static Function1<Object, Object> intBetween(String param, int least, int most) {
    return check(
        value ->
            require(
                (int) value >= least && (int) value <= most,
                param,
                "an integer " + least + " to " + most,
                value));
  }

  static Function1<Object, Object> positiveNumber(String param) {
    return check(
        value -> {
          double number = (double) value;
          require(number > 0 && Double.isFinite(number), param, "a finite number > 0", value);
        });
  }

  static Function1<String, Object> oneOf(String param, List<String> words) {
    return check(
        value ->
            require(
                value != null && words.contains(value),
                param,
                String.join(" or ", words),
                quoted(value)));
  }

  static Function1<int[], Object> imageShape(String param) {
    return check(
        value ->
            require(
                value != null && value.length == 3 && Arrays.stream(value).allMatch(s -> s > 0),
                param,
                "height, width and channels, each an integer > 0",
                Arrays.toString(value)));
  }

  /** A text that {@code parse} accepts; its own message, which names the line, is the user's. */
  static Function1<String, Object> text(String param, Check<String> parse) {
    return check(
        value -> {
          require(value != null, param, "a text", null);
          parse.accept(value);
        });
  }

  /** A path of any Hadoop file system; whether there is something is not looked at. */
  static Function1<String, Object> path(String param) {
    return check(value -> require(isPath(value), param, "a path", quoted(value)));
  }

  private static boolean isPath(String value) {
    try {
      return value != null && !new Path(value).toString().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void require(boolean holds, String param, String expected, Object received) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Param " + param + ": expected " + expected + ". Received: " + received + ".");
    }
  }

  private static String quoted(String value) {
    return value == null ? "null" : "'" + value + "'";
  }
}
