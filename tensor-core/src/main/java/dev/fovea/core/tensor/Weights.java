package dev.fovea.core.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Every parameter of a network as one flat vector of floats, each parameter on a 64-byte boundary;
 * the network's description says where. Owns direct memory, freed with the object. Not thread safe:
 * readers and the one writer take turns.
 */
public final class Weights {
  private final FlatVector vector;

  private Weights(FlatVector vector) {
    this.vector = vector;
  }

  /** Zeros. */
  public static Weights allocate(long count) {
    return new Weights(FlatVector.allocate(count));
  }

  /** A copy of the values. */
  public static Weights of(float... values) {
    Weights weights = allocate(values.length);
    weights.vector.floats().put(values);
    return weights;
  }

  /** Number of floats, the padding between parameters included. */
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

  public Weights copy() {
    FlatVector copy = FlatVector.allocate(count());
    copy.copyFrom(vector);
    return new Weights(copy);
  }

  /** Overwrites these weights with others of the same count. */
  public void copyFrom(Weights other) {
    vector.checkSameCount("Weights", other.count());
    vector.copyFrom(other.vector);
  }

  /** A copy of the values. */
  public float[] toArray() {
    float[] values = new float[vector.count()];
    vector.floats().get(values);
    return values;
  }
}
