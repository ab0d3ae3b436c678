package dev.fovea.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Processes that train the same network on one thread each, at the same time, and know nothing of
 * each other: how much more several cores of this machine do than one. Not thread safe. Ends with
 * {@link #close}.
 */
public final class Copies implements AutoCloseable {
  private final Variant variant;
  private final List<Child> children = new ArrayList<>();

  /** Starts and warms up that many. */
  public Copies(Engine engine, String network, int count) throws ChildException {
    variant = engine.variants(Mode.TRAIN, Precision.FLOAT32).get(0);
    try {
      for (int i = 0; i < count; i++) {
        Child child = engine.start(network, 1);
        children.add(child);
        child.prepare(variant, Mode.TRAIN);
      }
    } catch (ChildException e) {
      close();
      throw e;
    }
  }

  /**
   * Lets the first {@code count} of them train for that long, while the others wait.
   *
   * @return their rows a second, added up
   */
  public double rowsPerSecond(int count, double seconds) throws ChildException {
    List<Child> working = children.subList(0, count);
    for (Child child : working) {
      child.begin(variant, Mode.TRAIN, seconds);
    }
    double sum = 0;
    for (Child child : working) {
      sum += child.rate();
    }
    return sum;
  }

  public List<ProcessHandle> processes() {
    return children.stream().map(Child::process).toList();
  }

  @Override
  public void close() {
    children.forEach(Child::close);
  }
}
