package dev.fovea.benchmarks;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.Operations;
import dev.fovea.benchmarks.engine.Comparison.Contender;
import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.benchmarks.engine.Engine;
import dev.fovea.benchmarks.engine.Mode;
import dev.fovea.benchmarks.engine.Precision;
import dev.fovea.benchmarks.engine.Variant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Rows a second of every network and engine, a column for each way to do it. Where PyTorch takes
 * part, the ratio of Fovea to the fastest PyTorch of the same precision.
 */
final class ThroughputTable {
  private final List<String> columns;
  private final boolean compared;
  private final OptionalDouble peak;
  private final MarkdownTable table;

  /**
   * @param peak operations a second of one core at best, in float32
   * @param out takes the lines of the table
   */
  ThroughputTable(List<Engine> engines, OptionalDouble peak, Consumer<String> out) {
    this.peak = peak;
    Set<String> names = new LinkedHashSet<>();
    engines.forEach(engine -> engine.variants().forEach(variant -> names.add(variant.column())));
    columns = List.copyOf(names);
    compared = hasEngine(engines, Engine.FOVEA) && hasEngine(engines, Engine.PYTORCH);
    List<String> head = new ArrayList<>(List.of("network", "mode", "precision", "threads"));
    head.addAll(columns);
    if (compared) {
      head.add("Fovea / best PyTorch");
    }
    head.add("Fovea, of FMA peak");
    table = new MarkdownTable(3, head, out);
  }

  /** Adds what was measured of a network, unless nobody can do that. */
  void add(
      BenchmarkNetwork network,
      int threads,
      Mode mode,
      Precision precision,
      Contest<Contender> contest) {
    Optional<Contender> fovea = contest.best(c -> c.engine().key().equals(Engine.FOVEA));
    if (contest.best(contender -> true).isEmpty()) {
      return;
    }
    List<String> cells =
        new ArrayList<>(
            List.of(network.name(), mode.word(), precision.word(), Integer.toString(threads)));
    columns.forEach(column -> cells.add(cell(contest, column)));
    if (compared) {
      Optional<Contender> torch = contest.best(c -> c.engine().key().equals(Engine.PYTORCH));
      cells.add(
          fovea.isPresent() && torch.isPresent()
              ? Figures.ratio(contest.ratio(fovea.get(), torch.get()))
              : "");
    }
    Operations operations = Operations.of(network.network());
    double flops = mode == Mode.TRAIN ? operations.step() : operations.forward();
    cells.add(
        fovea.isPresent() && peak.isPresent() && precision == Precision.FLOAT32
            ? Figures.percent(
                contest.rate(fovea.get()).orElseThrow() * flops / threads / peak.getAsDouble())
            : "");
    table.row(cells);
  }

  /** The fastest way of a column; its name too, where the column has several. */
  private static String cell(Contest<Contender> contest, String column) {
    Optional<Contender> best = contest.best(c -> c.variant().column().equals(column));
    if (best.isEmpty()) {
      return "";
    }
    Contender contender = best.get();
    Variant variant = contender.variant();
    long alternatives =
        contender.engine().variants().stream()
            .filter(v -> v.column().equals(column) && v.precision() == variant.precision())
            .count();
    String rate = Figures.rate(contest.rate(contender).orElseThrow());
    return alternatives > 1 ? rate + " " + variant.name() : rate;
  }

  private static boolean hasEngine(List<Engine> engines, String key) {
    return engines.stream().anyMatch(engine -> engine.key().equals(key));
  }
}
