package dev.fovea.core.exchange;

import dev.fovea.core.runtime.FlatKernels;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Looks for numbers that are infinite or not numbers, and throws {@link TrainingDivergedException}
 * where it finds one. Remembers the last finite loss for the message. Thread safe.
 */
final class DivergenceCheck {
  private final NetworkDescription description;
  private volatile TrainingDivergedException.LastLoss last =
      new TrainingDivergedException.LastLoss(0, Double.NaN);

  DivergenceCheck(NetworkDescription description) {
    this.description = description;
  }

  /** The loss of a step, before its gradient is used. */
  void requireFinite(StepSums sums, long step, double learningRate) {
    if (!Double.isFinite(sums.loss())) {
      throw new TrainingDivergedException(
          step, "a finite loss", "" + sums.meanLoss(), last, learningRate);
    }
    if (sums.weight() > 0) {
      last = new TrainingDivergedException.LastLoss(step, sums.meanLoss());
    }
  }

  /** The gradient of a bucket, before the optimizer runs on it. */
  void requireFinite(ByteBuffer gradient, Bucket bucket, long step, double learningRate) {
    requireFinite("a finite gradient", gradient, bucket, step, learningRate);
  }

  /** What an epoch ends with. */
  void requireFinite(Weights weights, StepSums validation, long step, double learningRate) {
    Bucket all = new Bucket(0, 0, weights.count());
    requireFinite("finite weights", weights.buffer(), all, step, learningRate);
    if (!Double.isFinite(validation.loss())) {
      throw new TrainingDivergedException(
          step, "a finite validation loss", "" + validation.meanLoss(), last, learningRate);
    }
  }

  private void requireFinite(
      String expected, ByteBuffer floats, Bucket range, long step, double learningRate) {
    long index = firstNonFinite(floats, range.offset(), range.count());
    if (index >= 0) {
      float value = floats.order(ByteOrder.nativeOrder()).getFloat((int) index * Float.BYTES);
      throw new TrainingDivergedException(
          step, expected, value + " in " + parameterAt(index), last, learningRate);
    }
  }

  private String parameterAt(long index) {
    return description.parameters().stream()
        .filter(p -> p.offset() <= index && index < p.offset() + p.count())
        .map(ParameterInfo::name)
        .findFirst()
        .orElse("the padding at float " + index);
  }

  /** Index of the first float of the range that is infinite or not a number; -1 if none is. */
  static long firstNonFinite(ByteBuffer floats, long offset, long count) {
    if (FlatKernels.allFinite(floats, offset, count)) {
      return -1;
    }
    ByteBuffer ordered = floats.duplicate().order(ByteOrder.nativeOrder());
    long index = offset;
    while (Float.isFinite(ordered.getFloat(Math.toIntExact(index * Float.BYTES)))) {
      index++;
    }
    return index;
  }
}
