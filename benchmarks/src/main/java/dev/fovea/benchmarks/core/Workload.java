package dev.fovea.benchmarks.core;

/** Work that can be measured in blocks of time. Owns what it works on until closed. */
public interface Workload extends AutoCloseable {
  /**
   * Works for that long, one step at the least.
   *
   * @return rows a second
   */
  double rowsPerSecond(double seconds);

  @Override
  void close();
}
