package dev.fovea.core.optimizer;

import dev.fovea.core.runtime.FlatKernels;
import dev.fovea.core.runtime.FlatLanes;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.runtime.OptimizerPass;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.Weights;
import dev.fovea.core.text.NumberText;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An optimizer at work on one network: what it remembers for each weight, and the number of steps
 * it has taken. Owns direct memory of {@code stateSlots * weightCount} floats, which is freed with
 * the object, and the threads of its lanes, which end with {@link #close} or with it. Not thread
 * safe, but for {@link #update} of ranges that do not overlap.
 */
public final class OptimizerState implements AutoCloseable {
  private final Optimizer optimizer;
  private final String text;
  private final long weightCount;
  private final List<Run> runs;
  private final ByteBuffer slots;
  private final FlatLanes lanes;
  private long steps;

  /** Works on the calling thread alone. */
  public OptimizerState(Optimizer optimizer, NetworkDescription network) {
    this(optimizer, network, 1);
  }

  /**
   * @param lanes threads that share each pass, the caller's included, &gt; 0; the weights do not
   *     depend on it
   */
  public OptimizerState(Optimizer optimizer, NetworkDescription network, int lanes) {
    this.optimizer = optimizer;
    this.text = optimizer.text();
    this.weightCount = network.weightCount();
    this.runs = Run.of(network.parameters());
    this.lanes = new FlatLanes(lanes);
    this.slots = AlignedMemory.allocate(optimizer.stateSlots() * weightCount * Float.BYTES);
  }

  public Optimizer optimizer() {
    return optimizer;
  }

  /** Steps begun so far. */
  public long steps() {
    return steps;
  }

  /**
   * What it remembers, to be read between two steps: this memory, not a copy. Steps that have begun
   * count as taken.
   */
  public OptimizerMemory memory() {
    return new OptimizerMemory(steps, slots.asReadOnlyBuffer());
  }

  /**
   * Goes on from a memory, which is copied: all further steps are those, bit for bit, of the state
   * that it is from.
   *
   * @throws IllegalArgumentException if it is the memory of another optimizer or network
   */
  public void restore(OptimizerMemory memory) {
    int bytes = memory.slots().capacity();
    if (bytes != slots.capacity()) {
      throw new IllegalArgumentException(
          "Optimizer memory: expected %d bytes (%s, %d slots of %d floats). Received: %d. Restore the memory of this optimizer and network."
              .formatted(slots.capacity(), text, optimizer.stateSlots(), weightCount, bytes));
    }
    slots.put(0, memory.slots(), 0, bytes);
    steps = memory.steps();
  }

  /** Begins the next step, in which {@link #update} changes every weight once. */
  public void beginStep() {
    steps++;
  }

  /**
   * Changes the weights in {@code [offset, offset + count)}: a bucket of the gradient, or all.
   * Frozen parameters stay; statistics take their running average.
   *
   * @param gradient sums over the rows of the step, of all replicas
   * @param learningRate of this step; every parameter has its own factor on it
   * @param gradientScale 1 / (sum of the row weights of the step)
   */
  public void update(
      Weights weights,
      ByteBuffer gradient,
      double learningRate,
      double gradientScale,
      long offset,
      long count) {
    if (steps == 0) {
      throw new IllegalStateException("OptimizerState: expected beginStep before update.");
    }
    lanes.run(
        offset,
        count,
        (begin, floats) ->
            updateSlice(weights, gradient, learningRate, gradientScale, begin, begin + floats));
  }

  /** Ends the lanes' threads: no more updates. What it remembers can still be read. */
  @Override
  public void close() {
    lanes.close();
  }

  private void updateSlice(
      Weights weights,
      ByteBuffer gradient,
      double learningRate,
      double gradientScale,
      long sliceBegin,
      long sliceEnd) {
    for (Run run : runs) {
      long begin = Math.max(sliceBegin, run.begin());
      long end = Math.min(sliceEnd, run.end());
      if (begin < end) {
        OptimizerPass pass = pass(run.settings(), learningRate, gradientScale);
        FlatKernels.optimizerStep(
            pass, weights.buffer(), gradient, slots, weightCount, begin, end - begin);
      }
    }
  }

  /** Takes one step with the whole gradient. */
  public void step(
      Weights weights, ByteBuffer gradient, double learningRate, double gradientScale) {
    beginStep();
    update(weights, gradient, learningRate, gradientScale, 0, weightCount);
  }

  private OptimizerPass pass(ParameterInfo settings, double learningRate, double gradientScale) {
    String name =
        settings.statistic() ? "RunningAverage decay=" + NumberText.print(settings.decay()) : text;
    double rate = learningRate * settings.learningRate();
    return new OptimizerPass(name, steps, rate, settings.l2(), gradientScale);
  }
}
