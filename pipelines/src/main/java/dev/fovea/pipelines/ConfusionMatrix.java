package dev.fovea.pipelines;

import java.util.List;
import java.util.Locale;

/** How often each class was taken for each other: rows are true classes, columns predicted ones. */
final class ConfusionMatrix {
  private final List<String> classNames;
  private final long[][] counts;

  ConfusionMatrix(List<String> classNames) {
    this.classNames = List.copyOf(classNames);
    this.counts = new long[classNames.size()][classNames.size()];
  }

  void add(int label, int prediction) {
    counts[label][prediction]++;
  }

  long total() {
    long total = 0;
    for (int label = 0; label < counts.length; label++) {
      total += actual(label);
    }
    return total;
  }

  long correct() {
    long correct = 0;
    for (int label = 0; label < counts.length; label++) {
      correct += counts[label][label];
    }
    return correct;
  }

  /** Of the rows predicted as this class, the share that is; NaN where none was. */
  double precision(int label) {
    long predicted = 0;
    for (long[] row : counts) {
      predicted += row[label];
    }
    return (double) counts[label][label] / predicted;
  }

  /** Of the rows of this class, the share predicted so; NaN where there is none. */
  double recall(int label) {
    return (double) counts[label][label] / actual(label);
  }

  private long actual(int label) {
    long actual = 0;
    for (long count : counts[label]) {
      actual += count;
    }
    return actual;
  }

  /** One line, as in {@code Test accuracy: 91.37 % (9,137 of 10,000)}. */
  String accuracyText() {
    return String.format(
        Locale.ROOT,
        "Test accuracy: %.2f %% (%,d of %,d)",
        100.0 * correct() / total(),
        correct(),
        total());
  }

  /** The table, a row for each true class, with recall at the right and precision at the foot. */
  String table() {
    int names = "precision".length();
    for (String name : classNames) {
      names = Math.max(names, name.length() + 3);
    }
    StringBuilder table = new StringBuilder(" ".repeat(names));
    for (int label = 0; label < counts.length; label++) {
      table.append(String.format(Locale.ROOT, "%8d", label));
    }
    table.append("     recall\n");
    for (int label = 0; label < counts.length; label++) {
      String name = label + " " + classNames.get(label);
      table.append(name).append(" ".repeat(names - name.length()));
      for (long count : counts[label]) {
        table.append(count == 0 ? "       ." : String.format(Locale.ROOT, "%8d", count));
      }
      table.append("   ").append(percent(recall(label))).append('\n');
    }
    table.append("precision").append(" ".repeat(names - "precision".length()));
    for (int label = 0; label < counts.length; label++) {
      table.append(percent(precision(label)));
    }
    return table.append('\n').toString();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "       -" : String.format(Locale.ROOT, "%6.1f %%", 100 * share);
  }
}
