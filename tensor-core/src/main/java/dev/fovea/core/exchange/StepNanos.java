package dev.fovea.core.exchange;

/**
 * Where the time of one step or of many went, in nanoseconds; compute, exchange and optimizer add
 * up to the time on the clock.
 *
 * @param compute reading rows, forward and backward, of the slowest rank
 * @param exchange sending, adding, waiting, listeners that nothing hides: what is left over
 * @param optimizer new weights from the gradient
 * @param hiddenExchange of the compute time, that in which buckets were already on their way
 */
public record StepNanos(long compute, long exchange, long optimizer, long hiddenExchange) {
  public static final StepNanos ZERO = new StepNanos(0, 0, 0, 0);

  /** Splits {@code total}; compute that overlaps the optimizer counts as optimizer. */
  static StepNanos split(long total, long compute, long optimizer, long hidden) {
    long ofOptimizer = Math.min(optimizer, total);
    long ofCompute = Math.min(compute, total - ofOptimizer);
    return new StepNanos(
        ofCompute, total - ofOptimizer - ofCompute, ofOptimizer, Math.min(hidden, ofCompute));
  }

  public long total() {
    return compute + exchange + optimizer;
  }

  public StepNanos plus(StepNanos other) {
    return new StepNanos(
        compute + other.compute,
        exchange + other.exchange,
        optimizer + other.optimizer,
        hiddenExchange + other.hiddenExchange);
  }

  /** How many of {@code rows} a second. */
  public double perSecond(long rows) {
    return rows * 1e9 / Math.max(1, total());
  }
}
