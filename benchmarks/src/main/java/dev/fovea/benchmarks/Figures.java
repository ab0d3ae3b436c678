package dev.fovea.benchmarks;

import java.util.Locale;

/** How the tables print numbers. */
final class Figures {
  private Figures() {}

  /** Rows a second, or another rate: three digits at the least. */
  static String rate(double value) {
    String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** One rate through another. */
  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** A share of 1, in percent. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d", Math.round(bytes / 1024.0 / 1024.0));
  }
}
