package dev.fovea.core.runtime;

import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.runtime.NetworkDescription.Segment;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * One working copy of a network: the native plan and activations, and the lanes that run it.
 * Weights, records and the gradient belong to the caller.
 *
 * <p>A step is cut into segments, a segment into parts: chunks of rows, or panels of weights for
 * all rows. Which part runs on which lane depends on their numbers alone, and lanes are summed in
 * order, so that a step repeats bit for bit; any other number of lanes gives the same sums up to
 * rounding.
 *
 * <p>Owns native memory and threads until {@link #close}. One call runs at a time, others wait;
 * {@link #cancel} and {@link #close} may come from any thread.
 */
public final class Replica implements AutoCloseable {
  private final Handle handle;
  private final NetworkDescription description;
  private final int maxRows;
  private final int maxStretches;
  private final boolean joinsRows;
  private final Lanes lanes;
  private final FlatLanes flatLanes;
  private final LaneSums sums;
  private final LaneGradients gradients;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean cancelled;

  private Replica(String networkText, PlanOptions options) {
    handle = new Handle("Replica", networkText, options);
    try {
      description = handle.describe();
      maxRows = options.maxRows();
      maxStretches = options.maxStretches();
      joinsRows = description.parameters().stream().anyMatch(ParameterInfo::statistic);
      sums = new LaneSums(options.lanes());
      gradients = new LaneGradients(options.lanes(), description);
      lanes = new Lanes(options.lanes());
      flatLanes = new FlatLanes(lanes);
    } catch (RuntimeException | Error e) {
      handle.close();
      throw e;
    }
  }

  /**
   * A replica for {@link #addGradient}.
   *
   * @param networkText see docs/network-text.md
   * @param lanes threads that compute, the caller's included, &gt; 0
   * @param maxRows most rows of one step, &gt; 0
   * @param bucketBytes least size of a gradient bucket, &gt; 0: smaller buckets travel earlier, and
   *     lanes meet more often
   * @throws IllegalArgumentException naming layer and line, if the network cannot be trained
   */
  public static Replica training(String networkText, int lanes, int maxRows, long bucketBytes) {
    return training(networkText, lanes, maxRows, 1, bucketBytes);
  }

  /**
   * A replica for steps whose rows come in stretches, which batch norm does not join.
   *
   * @param maxStretches most stretches of one step, &gt; 0
   */
  public static Replica training(
      String networkText, int lanes, int maxRows, int maxStretches, long bucketBytes) {
    return new Replica(
        networkText,
        new PlanOptions(Mode.TRAIN, List.of(), maxRows, maxStretches, lanes, bucketBytes));
  }

  /** A replica for {@link #evaluate}; the arguments are those of {@link #training}. */
  public static Replica evaluating(String networkText, int lanes, int maxRows) {
    return new Replica(
        networkText,
        new PlanOptions(
            Mode.EVALUATE, List.of(), maxRows, 1, lanes, NetworkDescription.ONE_BUCKET));
  }

  /** Native networks not yet closed, those of predictors included; leak checks want zero. */
  public static int openCount() {
    return Handle.openCount();
  }

  public NetworkDescription description() {
    return description;
  }

  /** Overwrites the weights with their starting values: a function of the network and the seed. */
  public void initialize(long seed, Weights weights) {
    turn.lock();
    try {
      handle.initialize(seed, weights.buffer());
    } finally {
      turn.unlock();
    }
  }

  /**
   * Adds the gradient and the sums of the first {@code rows} records to {@code sum}. Calls {@code
   * onBucket} on this thread as soon as a bucket is complete; the sums are complete before the
   * first.
   *
   * <p>An interrupt or {@link #cancel} ends the step between two parts, within milliseconds; what
   * is in {@code sum} is then of no use.
   *
   * @param records as {@link NetworkDescription#fields} lays them out, from the buffer's first byte
   * @param rows 0 to maxRows
   * @throws CancellationException if the step was ended early
   */
  public void addGradient(
      ByteBuffer records,
      int rows,
      Weights weights,
      GradientSum sum,
      StepKey key,
      BucketListener onBucket) {
    addGradient(records, endsOf(checkRows(rows)), weights, sum, key, onBucket);
  }

  /**
   * As the other, of rows in stretches: batch norm joins only rows of one stretch. Without batch
   * norm the stretches make no difference.
   *
   * @param ends where each stretch ends, rising, above 0, at most maxStretches; none where there
   *     are no rows
   */
  public void addGradient(
      ByteBuffer records,
      int[] ends,
      Weights weights,
      GradientSum sum,
      StepKey key,
      BucketListener onBucket) {
    int rows = checkEnds(ends);
    StepInput input = new StepInput(records, rows, weights.buffer(), key);
    StepParts parts = parts(joinsRows ? ends : endsOf(rows));
    turn.lock();
    try {
      prepare(input.weights());
      sums.clear();
      gradients.begin(sum.buffer());
      int active = Math.max(1, parts.activeLanes());
      for (Segment segment : description.segments()) {
        lanes.run(lane -> addSegment(lane, segment, parts, input));
        if (segment.bucket() == 0) {
          sum.add(sums.total());
        }
        if (segment.bucket() >= 0) {
          NetworkDescription.Bucket bucket = description.buckets().get(segment.bucket());
          gradients.add(flatLanes, active, bucket);
          onBucket.complete(bucket);
        }
      }
    } finally {
      gradients.end();
      turn.unlock();
      Reference.reachabilityFence(this);
    }
  }

  /**
   * The sums of the first {@code rows} records, as at inference: dropout passes, batch norm uses
   * its running statistics.
   *
   * @param rows 0 to maxRows
   * @throws CancellationException if the call was ended early, see {@link #addGradient}
   */
  public StepSums evaluate(ByteBuffer records, int rows, Weights weights) {
    StepInput input = new StepInput(records, checkRows(rows), weights.buffer(), StepKey.NONE);
    StepParts parts = parts(endsOf(rows));
    turn.lock();
    try {
      prepare(input.weights());
      sums.clear();
      for (Segment segment : description.segments()) {
        lanes.run(lane -> evaluateSegment(lane, segment, parts, input));
      }
      return sums.total();
    } finally {
      turn.unlock();
      Reference.reachabilityFence(this);
    }
  }

  private void prepare(ByteBuffer weights) {
    handle.checkOpen(); // the lanes are closed too then, and would say so
    lanes.run(lane -> handle.prepare(lane, weights));
  }

  /** Ends the running call, and every later one, with a CancellationException. */
  public void cancel() {
    cancelled = true;
  }

  /** Ends the running call early, then the lanes, then frees the network. Safe to call again. */
  @Override
  public void close() {
    cancel();
    turn.lock();
    try {
      lanes.close();
      handle.close();
    } finally {
      turn.unlock();
    }
  }

  private void addSegment(int lane, Segment segment, StepParts parts, StepInput input) {
    if (segment.index() == 0 && lane < parts.activeLanes()) {
      gradients.clear(lane);
    }
    parts.forEach(
        segment,
        lane,
        this::mayContinue,
        part ->
            handle.addGradient(
                lane, segment.index(), part, input, gradients.of(lane, segment), sums.of(lane)));
  }

  private void evaluateSegment(int lane, Segment segment, StepParts parts, StepInput input) {
    parts.forEach(
        segment,
        lane,
        this::mayContinue,
        part -> handle.evaluate(lane, segment.index(), part, input, sums.of(lane)));
  }

  /** False where another lane has failed; throws where the step is to end. */
  private boolean mayContinue(int lane) {
    boolean interrupted = lane == 0 && Thread.currentThread().isInterrupted();
    if (cancelled || interrupted) {
      throw new CancellationException(
          "Replica: expected to run to the end. Received: "
              + (interrupted ? "an interrupt." : "a call of cancel or close."));
    }
    return !lanes.failed();
  }

  private StepParts parts(int[] ends) {
    return StepParts.of(ends, description.chunkRows(), lanes.count());
  }

  /** The ends of all rows as one stretch. */
  private static int[] endsOf(int rows) {
    return rows == 0 ? new int[0] : new int[] {rows};
  }

  private int checkEnds(int[] ends) {
    boolean rise =
        IntStream.range(0, ends.length).allMatch(i -> ends[i] > (i > 0 ? ends[i - 1] : 0));
    if (!rise || ends.length > maxStretches) {
      throw new IllegalArgumentException(
          "Replica: expected the ends of at most %d stretches, rising. Received: %s."
              .formatted(maxStretches, Arrays.toString(ends)));
    }
    return checkRows(ends.length == 0 ? 0 : ends[ends.length - 1]);
  }

  private int checkRows(int rows) {
    if (rows < 0 || rows > maxRows) {
      throw new IllegalArgumentException(
          "Replica: expected 0 to %d rows. Received: %d.".formatted(maxRows, rows));
    }
    return rows;
  }
}
