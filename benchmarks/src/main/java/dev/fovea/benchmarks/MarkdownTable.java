package dev.fovea.benchmarks;

import java.util.List;
import java.util.function.Consumer;

/**
 * A table of a document: the first columns are words, to the left, the others numbers. Its lines
 * are printed as they come, so that a run that is broken off has shown what it knew.
 */
final class MarkdownTable {
  private static final String NONE = "–";

  private final int columns;
  private final Consumer<String> out;

  /**
   * Prints the head.
   *
   * @param words how many columns are words
   * @param out takes the lines
   */
  MarkdownTable(int words, List<String> head, Consumer<String> out) {
    this.columns = head.size();
    this.out = out;
    StringBuilder rule = new StringBuilder("|");
    for (int column = 0; column < columns; column++) {
      rule.append(column < words ? "---|" : "---:|");
    }
    out.accept(line(head));
    out.accept(rule.toString());
  }

  /** Prints a row; an empty cell says that there is no figure. */
  void row(List<String> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException(
          "Table: expected %d cells. Received: %s.".formatted(columns, cells));
    }
    out.accept(line(cells));
  }

  private static String line(List<String> cells) {
    List<String> shown = cells.stream().map(cell -> cell.isEmpty() ? NONE : cell).toList();
    return "| " + String.join(" | ", shown) + " |";
  }
}
