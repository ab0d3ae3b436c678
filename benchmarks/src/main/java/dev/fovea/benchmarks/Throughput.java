package dev.fovea.benchmarks;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** Measures how many rows a second some work does. */
final class Throughput {
  private static final int BLOCKS = 5;

  private final double seconds;

  /**
   * @param seconds how long to measure, > 0; a third of it comes on top, to warm up
   */
  Throughput(double seconds) {
    this.seconds = seconds;
  }

  /**
   * The median over blocks of time, so that one pause does not count.
   *
   * @param work does some rows and returns how many
   */
  double rowsPerSecond(LongSupplier work) {
    block(work, seconds / 3);
    double[] rates = new double[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      rates[i] = block(work, seconds / BLOCKS);
    }
    Arrays.sort(rates);
    return rates[BLOCKS / 2];
  }

  private static double block(LongSupplier work, double seconds) {
    long rows = 0;
    long begin = System.nanoTime();
    long elapsedNanos;
    do {
      rows += work.getAsLong();
      elapsedNanos = System.nanoTime() - begin;
    } while (elapsedNanos < seconds * 1e9);
    return rows * 1e9 / elapsedNanos;
  }
}
