package dev.fovea.core.text;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Numbers as Java and C++ both read and print them: ASCII, finite, no hexadecimal, no type letter,
 * no leading plus.
 */
public final class NumberText {
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
  private static final Pattern NUMBER =
      Pattern.compile("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final double LARGEST_EXACT_INTEGER = 1L << 53;

  private NumberText() {}

  /** The text that {@link #parseDouble} reads back exactly; integers without {@code .0}. */
  public static String print(double number) {
    boolean integer = number == Math.rint(number) && Math.abs(number) <= LARGEST_EXACT_INTEGER;
    return integer ? Long.toString((long) number) : Double.toString(number);
  }

  /** The integer, or nothing where the text is none or takes more than 32 bits. */
  public static OptionalInt parseInt(String text) {
    if (!INTEGER.matcher(text).matches()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalInt.empty();
    }
  }

  /** The number, or nothing where the text is none or not finite. */
  public static OptionalDouble parseDouble(String text) {
    double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }
}
