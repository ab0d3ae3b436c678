package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * How far each bucket of the running step is: being gathered, being stepped (its old weights are
 * kept for ranks that begin the step again), stepped. Holds the answers that ranks wait for. In
 * place, where the rank reads these very weights, none are kept or sent. Guarded by the endpoint's
 * lock, but for {@link #keep}.
 */
final class BucketStates {
  private final List<Bucket> buckets;
  private final Weights weights;
  private final Weights beginning; // null in place
  private final boolean[] kept;
  private final boolean[] stepped;
  private final List<List<Answer<WeightsPart>>> waiting = new ArrayList<>();

  BucketStates(List<Bucket> buckets, Weights weights, boolean inPlace) {
    this.buckets = buckets;
    this.weights = weights;
    this.beginning = inPlace ? null : Weights.allocate(weights.count());
    this.kept = new boolean[buckets.size()];
    this.stepped = new boolean[buckets.size()];
    buckets.forEach(bucket -> waiting.add(new ArrayList<>()));
  }

  /** Floats of all weights. */
  long weightCount() {
    return weights.count();
  }

  /** The answer to a part of this bucket is to come. */
  void await(int bucket, Answer<WeightsPart> answer) {
    waiting.get(bucket).add(answer);
  }

  List<Answer<WeightsPart>> takeWaiting(int bucket) {
    return waiting.set(bucket, new ArrayList<>());
  }

  /**
   * Copies the weights that are about to change. Without the lock: one thread completes a bucket.
   */
  void keep(int bucket) {
    if (beginning != null) {
      slice(beginning, bucket).put(slice(weights, bucket));
    }
  }

  /** {@link #keep} is done, the weights may change. */
  void markKept(int bucket) {
    kept[bucket] = true;
  }

  /**
   * The new weights are there.
   *
   * @return true if all buckets of the step are done
   */
  boolean markStepped(int bucket) {
    stepped[bucket] = true;
    for (boolean done : stepped) {
      if (!done) {
        return false;
      }
    }
    return true;
  }

  boolean isStepped(int bucket) {
    return stepped[bucket];
  }

  /** The next step begins with the weights as they are. */
  void beginStep() {
    for (int bucket = 0; bucket < buckets.size(); bucket++) {
      kept[bucket] = false;
      stepped[bucket] = false;
    }
  }

  /** The weights after the last optimizer pass: this memory, not a copy, read only. */
  ByteBuffer newest(int bucket) {
    if (beginning == null) {
      return ByteBuffer.allocate(0);
    }
    return slice(weights, bucket).asReadOnlyBuffer().order(ByteOrder.nativeOrder());
  }

  /** A copy of the weights that the running step began with. */
  ByteBuffer beginning(int bucket) {
    if (beginning == null) {
      return ByteBuffer.allocate(0);
    }
    ByteBuffer src = slice(kept[bucket] ? beginning : weights, bucket);
    return ByteBuffer.allocate(src.remaining()).order(ByteOrder.nativeOrder()).put(src).flip();
  }

  private ByteBuffer slice(Weights of, int index) {
    Bucket bucket = buckets.get(index);
    int offset = (int) (bucket.offset() * Float.BYTES);
    return of.buffer()
        .slice(offset, (int) (bucket.count() * Float.BYTES))
        .order(ByteOrder.nativeOrder());
  }
}
