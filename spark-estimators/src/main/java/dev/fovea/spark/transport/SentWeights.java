package dev.fovea.spark.transport;

import dev.fovea.core.exchange.WeightsPart;
import dev.fovea.core.exchange.wire.Answers;
import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Weights on their way to ranks. A part that goes to several ranks is written once, and its memory
 * is used again when none of them needs it: a rank that sends its next gradient of the bucket has
 * got the weights, one that is gone never will. Thread safe; buckets do not wait for each other.
 */
final class SentWeights {
  /** Parts of one bucket that are kept; beyond these, memory is not used again. */
  private static final int KEPT = 2;

  private final ConcurrentMap<Integer, OfBucket> buckets = new ConcurrentHashMap<>();

  /** The message of {@code part}, for {@code receiver}; not to be written to. */
  ByteBuffer message(WeightsPart part, Object receiver) {
    return part.floats().hasRemaining()
        ? buckets.computeIfAbsent(part.bucket(), bucket -> new OfBucket()).message(part, receiver)
        : once(part);
  }

  /**
   * A message that is for one receiver, and whose memory is not used again: a rank that asks for
   * weights may send its gradients elsewhere, to a relay.
   */
  static ByteBuffer once(WeightsPart part) {
    return write(part, AlignedMemory.allocate(Answers.bytes(part)));
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

  private static ByteBuffer write(WeightsPart part, ByteBuffer dst) {
    Answers.write(part, dst);
    return dst.flip();
  }

  private static final class OfBucket {
    private final List<Sent> kept = new ArrayList<>();

    @SuppressWarnings(
        "ReferenceEquality") // Comparing the floats would cost more than writing them.
    synchronized ByteBuffer message(WeightsPart part, Object receiver) {
      for (Sent sent : kept) {
        if (sent.part == part) {
          sent.receivers.add(receiver);
          return sent.message.duplicate();
        }
      }
      int bytes = Answers.bytes(part);
      for (Sent sent : kept) {
        if (sent.receivers.isEmpty() && sent.message.capacity() >= bytes) {
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
    private final ByteBuffer message;
    private final Set<Object> receivers = new HashSet<>();
    private WeightsPart part;

    Sent(ByteBuffer memory) {
      this.message = memory;
    }

    ByteBuffer take(WeightsPart newPart, Object receiver) {
      part = newPart;
      receivers.add(receiver);
      return write(newPart, message.clear()).duplicate();
    }
  }
}
