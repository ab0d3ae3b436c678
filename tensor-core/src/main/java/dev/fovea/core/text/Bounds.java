package dev.fovea.core.text;

import java.util.ArrayList;
import java.util.List;

/** The range of a number, and its words: {@code " >= 0 and < 1"}, or nothing without a range. */
final class Bounds {
  private final double above;
  private final double from;
  private final double below;

  /**
   * @param range null where every finite number is in
   */
  Bounds(Range range) {
    above = range == null ? Double.NEGATIVE_INFINITY : range.above();
    from = range == null ? Double.NEGATIVE_INFINITY : range.from();
    below = range == null ? Double.POSITIVE_INFINITY : range.below();
  }

  boolean contain(double number) {
    return number > above && number >= from && number < below;
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    add(words, ">", above);
    add(words, ">=", from);
    add(words, "<", below);
    return words.isEmpty() ? "" : " " + String.join(" and ", words);
  }

  private static void add(List<String> words, String sign, double bound) {
    if (Double.isFinite(bound)) {
      words.add(sign + " " + NumberText.print(bound));
    }
  }
}
