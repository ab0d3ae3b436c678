package dev.fovea.benchmarks.exchange;

import java.util.ArrayList;
import java.util.List;

/** Takes the time of steps, on the driver, as they end. Thread safe. */
final class StepClock {
  private final List<Double> millis = new ArrayList<>();
  private int warm;
  private long last;
  private long firstCpu;
  private long lastCpu;
  private long firstExecutorCpu;

  /**
   * Waits for the first step.
   *
   * @param warm steps that are done before the clock starts, &gt; 0
   */
  StepClock(int warm) {
    this.warm = warm;
  }

  /** A step has ended. */
  synchronized void tick() {
    long now = System.nanoTime();
    lastCpu = ProcessorTime.ofDriver();
    if (warm > 0) {
      warm--;
      if (warm == 0) {
        firstExecutorCpu = ProcessorTime.ofExecutors();
        firstCpu = ProcessorTime.ofDriver();
        now = System.nanoTime();
      }
    } else {
      millis.add((now - last) / 1e6);
    }
    last = now;
  }

  /** Of the steps since the warm ones; there is at least one. Call it when the last has ended. */
  synchronized StepCost cost() {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new StepCost(
        sorted[sorted.length / 2],
        (lastCpu - firstCpu) / 1e6 / sorted.length,
        (ProcessorTime.ofExecutors() - firstExecutorCpu) / 1e6 / sorted.length);
  }
}
