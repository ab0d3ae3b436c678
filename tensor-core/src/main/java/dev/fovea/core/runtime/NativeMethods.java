package dev.fovea.core.runtime;

import java.nio.ByteBuffer;

/**
 * The native boundary, all of it. {@link NativeLibrary#load} must have returned before any call.
 *
 * <p>Buffers are direct, in native order, aligned to 64 bytes and owned by the caller; native reads
 * them from their first byte, whatever their position, and keeps no pointer after the call. Sizes
 * are checked on every call: {@code IllegalArgumentException}. Lanes may call {@code prepare}, then
 * {@code addGradient}, {@code evaluate} and {@code predict} side by side, each with its own number;
 * what has no handle may run side by side where it writes different floats.
 */
final class NativeMethods {
  private NativeMethods() {}

  /** Version, targets, and a line for every layer and optimizer type: see {@link LibraryInfo}. */
  static native String libraryInfo();

  /**
   * Makes the plan of a network.
   *
   * @param mode {@code train}, {@code evaluate} or {@code predict}
   * @param outputs names of layers, comma separated; empty unless the mode is {@code predict}
   * @param maxRows rows of the largest call, &gt; 0
   * @param maxStretches most stretches of one call that batch norm does not join, &gt; 0
   * @param bucketBytes least size of a gradient bucket
   * @param target instruction set; empty for the best this CPU has
   * @return the handle, to be given to {@link #destroy} once
   */
  static native long create(
      byte[] networkTextUtf8,
      byte[] mode,
      byte[] outputs,
      int maxRows,
      int maxStretches,
      int lanes,
      long bucketBytes,
      byte[] target);

  static native void destroy(long handle);

  /** The plan as text: see {@link NetworkDescription}. */
  static native String describe(long handle);

  /** Writes the first weights: a pure function of the network and the seed. */
  static native void initialize(long handle, long seed, ByteBuffer weights);

  /**
   * Derives a lane's part of what the lanes share (packed panels); every lane, once per step,
   * before any of them starts.
   */
  static native void prepare(long handle, int lane, ByteBuffer weights);

  /**
   * Runs one part of one segment of a training step.
   *
   * @param part number of a chunk of the call, or of a panel in a panel segment
   * @param begin first row of the part among those of the call; 0 of a panel
   * @param rows rows of the part: at most {@code chunkRows}, or of a panel all rows of the call
   * @param callRows rows of the whole call, all of which are in {@code records}
   * @param gradient added to; laid out as the weights in a panel segment and for lane 0, else as
   *     this lane's own, see {@link NetworkDescription#laneStretches}
   * @param sums three doubles: row weight, loss, row weight of the rows predicted right; added to
   * @param firstRow index, in the rows of the step over all replicas, of the call's first row
   */
  static native void addGradient(
      long handle,
      int lane,
      int segment,
      int part,
      int begin,
      int rows,
      int callRows,
      ByteBuffer records,
      ByteBuffer weights,
      ByteBuffer gradient,
      ByteBuffer sums,
      long seed,
      long step,
      long firstRow);

  /** Runs one part of one segment without a gradient; adds the sums. */
  static native void evaluate(
      long handle,
      int lane,
      int segment,
      int part,
      int begin,
      int rows,
      int callRows,
      ByteBuffer records,
      ByteBuffer weights,
      ByteBuffer sums);

  /** Writes {@code [rows, floats of all outputs]}. */
  static native void predict(
      long handle, int lane, int rows, ByteBuffer records, ByteBuffer weights, ByteBuffer outputs);

  /**
   * {@code dst[dstOffset + i] += src[srcOffset + i]} for {@code i} in {@code [0, count)}, floats.
   */
  static native void accumulate(
      ByteBuffer dst, long dstOffset, ByteBuffer src, long srcOffset, long count);

  /** True where no float in {@code [offset, offset + count)} is infinite or not a number. */
  static native boolean allFinite(ByteBuffer src, long offset, long count);

  /**
   * One optimizer pass over {@code count} weights from {@code offset}.
   *
   * @param step number of this step, from 1
   * @param gradientScale 1 / (sum of the row weights of the step)
   * @param state {@code slots * weightCount} floats, slot after slot
   */
  static native void optimizerStep(
      byte[] optimizerText,
      long step,
      double learningRate,
      double l2,
      double gradientScale,
      ByteBuffer weights,
      ByteBuffer gradient,
      ByteBuffer state,
      long weightCount,
      long offset,
      long count);
}
