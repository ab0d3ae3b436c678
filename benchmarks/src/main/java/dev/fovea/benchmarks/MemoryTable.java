package dev.fovea.benchmarks;

import dev.fovea.benchmarks.engine.Child;
import dev.fovea.benchmarks.engine.ChildException;
import dev.fovea.benchmarks.engine.Engine;
import dev.fovea.benchmarks.engine.Mode;
import dev.fovea.benchmarks.engine.Precision;
import dev.fovea.benchmarks.engine.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The most memory that training takes: each engine trains each network for a moment in a process of
 * its own, on all threads, in float32. A column for each column of the throughput table; of several
 * variants the one that takes least counts.
 */
final class MemoryTable {
  private static final double SECONDS = 0.5;

  private final List<Engine> engines;
  private final int threads;
  private final MarkdownTable table;
  private final List<String> failures = new ArrayList<>();

  MemoryTable(List<Engine> engines, int threads, Consumer<String> out) {
    this.threads = threads;
    this.engines =
        engines.stream()
            .filter(engine -> !engine.variants(Mode.TRAIN, Precision.FLOAT32).isEmpty())
            .toList();
    List<String> head = new ArrayList<>(List.of("network"));
    this.engines.forEach(engine -> head.addAll(columns(engine)));
    table = new MarkdownTable(1, head, out);
  }

  /** Measures a network, and adds its row. */
  void add(String network) {
    List<String> cells = new ArrayList<>(List.of(network));
    for (Engine engine : engines) {
      for (String column : columns(engine)) {
        OptionalLong least =
            engine.variants(Mode.TRAIN, Precision.FLOAT32).stream()
                .filter(variant -> variant.column().equals(column))
                .map(variant -> peak(engine, variant, network))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min();
        cells.add(least.isPresent() ? Figures.mebibytes(least.getAsLong()) : "");
      }
    }
    table.row(cells);
  }

  /** Messages of what could not be measured. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private OptionalLong peak(Engine engine, Variant variant, String network) {
    try (Child child = engine.start(network, threads)) {
      child.prepare(variant, Mode.TRAIN);
      double unused = child.run(variant, Mode.TRAIN, SECONDS);
      return OptionalLong.of(child.peakMemory());
    } catch (ChildException e) {
      failures.add(e.getMessage());
      return OptionalLong.empty();
    }
  }

  private static List<String> columns(Engine engine) {
    return engine.variants(Mode.TRAIN, Precision.FLOAT32).stream()
        .map(Variant::column)
        .distinct()
        .toList();
  }
}
