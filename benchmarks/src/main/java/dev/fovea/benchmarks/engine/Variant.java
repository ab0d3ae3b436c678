package dev.fovea.benchmarks.engine;

import java.util.Set;

/**
 * One way in which an engine does a job, such as a layout of memory; the child knows it by name.
 *
 * @param column of the table, which shows the best of its variants
 */
public record Variant(String name, String column, Precision precision, Set<Mode> modes) {
  public Variant {
    modes = Set.copyOf(modes);
  }

  static Variant of(String name, String column, Precision precision) {
    return new Variant(name, column, precision, Set.of(Mode.values()));
  }
}
