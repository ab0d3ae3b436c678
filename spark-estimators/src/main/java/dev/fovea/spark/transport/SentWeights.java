package dev.fovea.spark.transport;

import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Weights on their way to ranks. Those of the driver are sent from where they are. What a relay
 * gets from the driver stays where it is for a moment only, so it is copied, once for all ranks;
 * the memory is used again when none of them needs it: a rank that sends its next gradient of the
 * bucket has got the weights, one that is gone never will. Thread safe; buckets do not wait for
 * each other.
 */
final class SentWeights {
  /** Parts of one bucket that are kept; beyond these, memory is not used again. */
  private static final int KEPT = 2;

  private final boolean copies;
  private final ConcurrentMap<Integer, OfBucket> buckets = new ConcurrentHashMap<>();

  private SentWeights(boolean copies) {
    this.copies = copies;
  }

  /** Of the driver, whose weights stay where they are: nothing is copied. */
  static SentWeights ofDriver() {
    return new SentWeights(false);
  }

  static SentWeights ofRelay() {
    return new SentWeights(true);
  }

  /**
   * The floats of {@code part}, which stay as they are until {@code receiver} has got them; not to
   * be written to.
   */
  ByteBuffer floats(WeightsPart part, Object receiver) {
    return copies && part.floats().hasRemaining()
        ? buckets.computeIfAbsent(part.bucket(), bucket -> new OfBucket()).floats(part, receiver)
        : part.floats();
  }

  /** What was sent to {@code receiver} of this bucket has arrived. */
  void arrived(int bucket, Object receiver) {
    OfBucket sent = buckets.get(bucket);
    if (sent != null) {
      sent.arrived(receiver);
    }
  }

  /** {@code receiver} is gone, its connection is closed. */
  void gone(Object receiver) {
    buckets.values().forEach(bucket -> bucket.arrived(receiver));
  }

  private static final class OfBucket {
    private final List<Sent> kept = new ArrayList<>();

    @SuppressWarnings(
        "ReferenceEquality") // Comparing the floats would cost more than copying them.
    synchronized ByteBuffer floats(WeightsPart part, Object receiver) {
      for (Sent sent : kept) {
        if (sent.part == part) {
          sent.receivers.add(receiver);
          return sent.floats();
        }
      }
      int bytes = part.floats().remaining();
      for (Sent sent : kept) {
        if (sent.receivers.isEmpty() && sent.copy.capacity() >= bytes) {
          return sent.take(part, receiver);
        }
      }
      Sent sent = new Sent(AlignedMemory.allocate(bytes));
      if (kept.size() < KEPT) {
        kept.add(sent);
      }
      return sent.take(part, receiver);
    }

    synchronized void arrived(Object receiver) {
      kept.forEach(sent -> sent.receivers.remove(receiver));
    }
  }

  private static final class Sent {
    private final ByteBuffer copy;
    private final Set<Object> receivers = new HashSet<>();
    private WeightsPart part;

    Sent(ByteBuffer memory) {
      this.copy = memory;
    }

    ByteBuffer take(WeightsPart newPart, Object receiver) {
      part = newPart;
      receivers.add(receiver);
      copy.clear().put(newPart.floats().duplicate()).flip();
      return floats();
    }

    ByteBuffer floats() {
      return copy.duplicate().order(ByteOrder.nativeOrder());
    }
  }
}
