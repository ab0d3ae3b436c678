package dev.fovea.benchmarks.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One network on one number of threads: a child for each engine, open until {@link #close}, which
 * take turns. An engine that fails is left out from there on, and said in {@link #failures}.
 */
public final class Comparison implements AutoCloseable {
  /** How long waiting threads of some engines spin before they sleep, and more. */
  private static final long SETTLE_MILLIS = 50;

  /**
   * How each figure is measured.
   *
   * @param seconds of a block, > 0
   * @param rounds in which every contender has a block, > 0
   */
  public record Timing(double seconds, int rounds) {}

  /** An engine's way to do it. */
  public record Contender(Engine engine, Variant variant) {}

  private final String network;
  private final Timing timing;
  private final Map<Engine, Child> children = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  public Comparison(List<Engine> engines, String network, int threads, Timing timing) {
    this.network = network;
    this.timing = timing;
    for (Engine engine : engines) {
      try {
        children.put(engine, engine.start(network, threads));
      } catch (ChildException e) {
        failures.add(e.getMessage());
      }
    }
  }

  /** What the engine's process says it is; empty where it could not start. */
  public Optional<String> about(Engine engine) {
    return Optional.ofNullable(children.get(engine)).map(Child::about);
  }

  /** Messages of what did not work so far. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Measures every engine that can do this; nobody need be able to. */
  public Contest<Contender> measure(Mode mode, Precision precision) {
    List<Contender> contenders = new ArrayList<>();
    for (Engine engine : List.copyOf(children.keySet())) {
      for (Variant variant : engine.variants(mode, precision)) {
        Contender contender = new Contender(engine, variant);
        if (succeeds(contender, child -> child.prepare(variant, mode))) {
          contenders.add(contender);
        }
      }
    }
    Contest<Contender> contest = new Contest<>();
    for (int round = 0; round < timing.rounds(); round++) {
      for (Contender contender : List.copyOf(contenders)) {
        settle();
        boolean done =
            succeeds(
                contender,
                child ->
                    contest.add(contender, child.run(contender.variant(), mode, timing.seconds())));
        if (!done) {
          contenders.remove(contender);
          contest.remove(contender);
        }
      }
    }
    return contest;
  }

  @Override
  public void close() {
    children.values().forEach(Child::close);
  }

  /** Something that is asked of a child. */
  private interface Request {
    void ask(Child child) throws ChildException;
  }

  private boolean succeeds(Contender contender, Request request) {
    try {
      request.ask(children.get(contender.engine()));
      return true;
    } catch (ChildException e) {
      failures.add(network + ", " + contender.variant().name() + ": " + e.getMessage());
      return false;
    }
  }

  private static void settle() {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Benchmark: interrupted", e);
    }
  }
}
