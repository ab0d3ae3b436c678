package dev.fovea.spark.checkpoint;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a training is kept: {@code 500 steps}, or {@code 10 minutes}.
 *
 * @param count how many of the unit, &gt; 0
 */
public record CheckpointInterval(int count, Unit unit) {
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8}) (steps?|minutes?)");

  /** What an interval counts. */
  public enum Unit {
    /** Steps of the training, from its first: at every multiple of the count. */
    STEPS,
    /** Minutes on the clock since the last checkpoint. */
    MINUTES
  }

  /**
   * Reads {@code 500 steps} or {@code 10 minutes}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static CheckpointInterval parse(String text) {
    Matcher words = TEXT.matcher(text);
    if (!words.matches()) {
      throw new IllegalArgumentException(
          "Param checkpointInterval: expected a number of steps or minutes, such as '500 steps' or"
              + " '10 minutes'. Received: '"
              + text
              + "'.");
    }
    Unit unit = words.group(2).startsWith("step") ? Unit.STEPS : Unit.MINUTES;
    return new CheckpointInterval(Integer.parseInt(words.group(1)), unit);
  }

  /**
   * True when the next checkpoint is due.
   *
   * @param steps done since the training began, &gt; 0
   * @param nanos since the last checkpoint, or since the training began or went on
   */
  boolean isDue(long steps, long nanos) {
    return switch (unit) {
      case STEPS -> steps % count == 0;
      case MINUTES -> nanos >= TimeUnit.MINUTES.toNanos(count);
    };
  }
}
