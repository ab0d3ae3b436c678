package dev.fovea.core.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * The gradient of the loss summed over rows, and the sums that belong to it. A sum, never a mean:
 * the driver divides once, by the weight sum of all replicas. Laid out as {@link Weights}. Owns
 * direct memory, freed with the object. Not thread safe.
 */
public final class GradientSum {
  private final FlatVector vector;
  private StepSums sums = StepSums.ZERO;

  private GradientSum(FlatVector vector) {
    this.vector = vector;
  }

  /** The sum over no rows. */
  public static GradientSum allocate(long count) {
    return new GradientSum(FlatVector.allocate(count));
  }

  /** Number of floats, as {@link Weights#count()}. */
  public long count() {
    return vector.count();
  }

  /** This memory, not a copy, in native order, from position 0. */
  public ByteBuffer buffer() {
    return vector.bytes();
  }

  /** This memory, not a copy, from position 0. */
  public FloatBuffer floats() {
    return vector.floats();
  }

  public StepSums sums() {
    return sums;
  }

  /** Sum of the row weights. */
  public double weightSum() {
    return sums.weight();
  }

  public double lossSum() {
    return sums.loss();
  }

  public double correctSum() {
    return sums.correct();
  }

  /** Back to the sum over no rows. */
  public void clear() {
    vector.clear();
    sums = StepSums.ZERO;
  }

  /** Adds the sums of rows whose gradient native has added to {@link #buffer()}. */
  public void add(StepSums other) {
    sums = sums.plus(other);
  }

  /** Adds the gradient and the sums of other rows. Associative up to rounding. */
  public void add(GradientSum other) {
    vector.checkSameCount("GradientSum", other.count());
    vector.add(other.vector);
    add(other.sums);
  }

  /** A copy of the gradient. */
  public float[] toArray() {
    float[] values = new float[vector.count()];
    vector.floats().get(values);
    return values;
  }
}
