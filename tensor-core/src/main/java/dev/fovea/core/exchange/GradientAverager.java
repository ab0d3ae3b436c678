package dev.fovea.core.exchange;

import dev.fovea.core.runtime.FlatKernels;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Adds the ranks' gradient sums of one step. The order is rank order, whatever the order of
 * arrival, so the same parts give the same bits. The one division, by the weight sum of all ranks,
 * is {@link #scale}, which the optimizer applies.
 *
 * <p>A part that arrives before those of lower ranks is copied and kept; one that arrives in order
 * is added from the caller's buffer, as are the first two in any order: a + b has the bits of b +
 * a. The one part of a step of one rank and one bucket is the sum, where it lies. Owns the sum, one
 * flat vector, once there is one to form, and at most (ranks - 1) copies of a bucket. Buckets have
 * their own locks: parts of different buckets are added side by side.
 */
public final class GradientAverager {
  private final List<Integer> ranks;
  private final long weightCount;
  private final Slot[] slots;
  private final StepSums[] sumsOfRanks;
  private GradientSum sum; // null before the first part that is copied
  private ByteBuffer only; // the part that is the sum; null where there is none

  /** Adds the parts of ranks 0 to {@code ranks - 1}. */
  public GradientAverager(int ranks, List<Bucket> buckets, long weightCount) {
    this(IntStream.range(0, ranks).boxed().toList(), buckets, weightCount);
  }

  /**
   * Accepts nothing before {@link #begin}.
   *
   * @param ranks whose parts it adds, in this order
   */
  public GradientAverager(List<Integer> ranks, List<Bucket> buckets, long weightCount) {
    this.ranks = List.copyOf(ranks);
    this.weightCount = weightCount;
    slots = buckets.stream().map(bucket -> new Slot(bucket, ranks.size())).toArray(Slot[]::new);
    sumsOfRanks = new StepSums[ranks.size()];
  }

  /** Forgets all parts; from now on accepts those of {@code step}. */
  public void begin(long step) {
    only = null;
    synchronized (sumsOfRanks) {
      Arrays.fill(sumsOfRanks, null);
    }
    for (Slot slot : slots) {
      slot.begin(step);
    }
  }

  /**
   * Adds a part once: one of another step, or of a rank that is in already, changes nothing.
   *
   * @return true for the part that completes its bucket
   */
  public boolean add(GradientPart part) {
    return slots[part.bucket()].add(part);
  }

  /** Sums of all ranks, added in rank order; known once a bucket is complete. */
  public StepSums sums() {
    synchronized (sumsOfRanks) {
      return Arrays.stream(sumsOfRanks)
          .filter(Objects::nonNull)
          .reduce(StepSums.ZERO, StepSums::plus);
    }
  }

  /** What turns sums into means: 1 / (weight sum); 0 where no row of the step weighs anything. */
  public double scale() {
    double weight = sums().weight();
    return weight > 0 ? 1 / weight : 0;
  }

  /**
   * The summed gradient; a bucket of it is stable from its completion to the next {@link #begin},
   * or to the answer to the only part.
   */
  public ByteBuffer gradient() {
    return only == null ? sum() : only;
  }

  private synchronized ByteBuffer sum() {
    if (sum == null) {
      sum = GradientSum.allocate(weightCount);
    }
    return sum.buffer();
  }

  /**
   * One bucket: the ranks at places below {@code next} are in the sum; of those above, {@code kept}
   * waits. But for the second rank's where it comes before the first: the sum is that.
   */
  private final class Slot {
    private final int offset;
    private final int floats;
    private final ByteBuffer[] kept;
    private final boolean[] in;
    private ByteBuffer dst; // null before the first part that is copied
    private long step;
    private int next;
    private boolean secondIsIn; // the sum is the second rank's part, and next is 0

    Slot(Bucket bucket, int ranks) {
      offset = (int) (bucket.offset() * Float.BYTES);
      floats = (int) bucket.count();
      kept = new ByteBuffer[ranks];
      in = new boolean[ranks];
    }

    synchronized void begin(long newStep) {
      step = newStep;
      next = 0;
      secondIsIn = false;
      Arrays.fill(in, false);
    }

    synchronized boolean add(GradientPart part) {
      int place = ranks.indexOf(part.rank());
      if (part.step() != step || in[place]) {
        return false;
      }
      in[place] = true;
      synchronized (sumsOfRanks) {
        if (sumsOfRanks[place] == null) {
          sumsOfRanks[place] = part.sums();
        }
      }
      if (in.length == 1 && floats == weightCount && isAligned(part.floats().slice())) {
        only = part.floats().slice().order(ByteOrder.nativeOrder());
        next = 1;
        return true;
      }
      if (dst == null) {
        dst = sum().slice(offset, floats * Float.BYTES).order(ByteOrder.nativeOrder());
      }
      if (place == 1 && next == 0 && part.floats().hasRemaining()) {
        dst.clear().put(part.floats().duplicate());
        secondIsIn = true;
        return false;
      }
      if (place != next) {
        keep(place, part.floats());
        return false;
      }
      addNext(part.floats());
      while (next < in.length && in[next]) {
        addNext(kept[next].duplicate());
      }
      return next == in.length;
    }

    private void addNext(ByteBuffer src) {
      if (next == 0 && !secondIsIn) {
        dst.clear();
        if (src.hasRemaining()) {
          dst.put(src.duplicate());
        } else {
          clear();
        }
      } else if (src.hasRemaining()) {
        FlatKernels.accumulate(dst, aligned(src), 0, floats);
      } else if (secondIsIn) {
        addZeros();
      }
      next += secondIsIn ? 2 : 1;
      secondIsIn = false;
    }

    private void clear() {
      for (int at = 0; at < dst.capacity(); at += Float.BYTES) {
        dst.putFloat(at, 0);
      }
    }

    /** Makes negative zeros positive, as in a sum that began with no rows. */
    private void addZeros() {
      for (int at = 0; at < dst.capacity(); at += Float.BYTES) {
        dst.putFloat(at, dst.getFloat(at) + 0);
      }
    }

    private ByteBuffer aligned(ByteBuffer src) {
      ByteBuffer slice = src.slice();
      return isAligned(slice) ? slice : keep(next, src);
    }

    /** True for floats that native can read. */
    private static boolean isAligned(ByteBuffer floats) {
      return floats.hasRemaining()
          && floats.isDirect()
          && floats.alignmentOffset(0, AlignedMemory.ALIGNMENT) == 0;
    }

    private ByteBuffer keep(int place, ByteBuffer src) {
      if (kept[place] == null) {
        kept[place] = AlignedMemory.allocate((long) floats * Float.BYTES);
      }
      return kept[place].clear().put(src.duplicate()).flip();
    }
  }
}
