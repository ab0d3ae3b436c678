package dev.fovea.core.runtime;

import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What native made of a network text: the record it reads, where parameters lie in the flat
 * weights, and how the gradient comes in buckets. Immutable.
 *
 * @param target instruction set that its kernels are compiled for
 * @param rowBytes bytes of one record
 * @param chunkRows rows that run together through a segment; in mode train with batch norm, its
 *     {@code normalizationRows}
 * @param segments of a step or call, in the order in which they run
 * @param weightCount floats in the flat weights, the padding between parameters included
 * @param arenaBytes native memory that an open network of this plan takes
 * @param fields of a record, in order; their sizes and gaps add up to {@code rowBytes}
 * @param layers in the order of the text
 * @param parameters in the order of their offsets
 * @param buckets in the order in which they are completed, last layers first
 * @param laneStretches what a lane's own gradient holds, in order: the flat gradient without that
 *     of panel segments, which add to the sum itself; empty unless the mode is train
 * @param outputs of a row in mode predict, in order
 */
public record NetworkDescription(
    Mode mode,
    String target,
    int rowBytes,
    int chunkRows,
    List<Segment> segments,
    long weightCount,
    long arenaBytes,
    List<Field> fields,
    List<LayerInfo> layers,
    List<ParameterInfo> parameters,
    List<Bucket> buckets,
    List<LaneStretch> laneStretches,
    List<Output> outputs) {

  /** A bucket size that no gradient reaches: one bucket, one segment. */
  public static final long ONE_BUCKET = Long.MAX_VALUE;

  public NetworkDescription {
    segments = List.copyOf(segments);
    fields = List.copyOf(fields);
    layers = List.copyOf(layers);
    parameters = List.copyOf(parameters);
    buckets = List.copyOf(buckets);
    laneStretches = List.copyOf(laneStretches);
    outputs = List.copyOf(outputs);
  }

  /**
   * A part of a record: what an Input or Target layer reads, or the row weight, which is the last
   * field in modes train and evaluate.
   *
   * @param offset first byte in the record
   * @param bytes of its elements, without the padding to a multiple of 4
   */
  public record Field(String name, int offset, int bytes, DataType dtype, Shape shape) {}

  /** A line of the text, and the shape of the layer's output for one row. */
  public record LayerInfo(String name, String type, Shape shape, int line) {}

  /**
   * A learnable tensor, or a statistic.
   *
   * @param name layer and parameter: {@code conv1.weight}
   * @param offset first float in the flat weights, a multiple of 16
   * @param count floats
   * @param learningRate factor on the learning rate of the step
   * @param frozen true where the optimizer leaves it alone
   * @param decay of the running average, 0 to 1, where it is a statistic; else -1
   */
  public record ParameterInfo(
      String name,
      long offset,
      long count,
      Shape shape,
      double learningRate,
      double l2,
      boolean frozen,
      double decay) {

    /** True for a running average over rows, false for what the optimizer trains. */
    public boolean statistic() {
      return decay >= 0;
    }
  }

  /** The floats of the gradient that are complete after a segment; may be empty. */
  public record Bucket(int index, long offset, long count) {}

  /**
   * A stretch of the plan; lanes meet between two.
   *
   * @param panels parts of a segment that takes all rows at once, by panels of its weights; 0 where
   *     each part is a chunk of rows
   * @param bucket index of the bucket that is complete after it, or -1
   */
  public record Segment(int index, int panels, int bucket) {}

  /**
   * A stretch of the flat gradient that every lane but the first adds up by itself.
   *
   * @param laneOffset where it lies in the lane's own gradient
   */
  public record LaneStretch(long offset, long count, long laneOffset) {}

  /** A layer whose result is asked for. */
  public record Output(String name, int floats) {}

  /**
   * Plans the network natively and lets it go again.
   *
   * @param outputs names of layers in mode predict, else empty
   * @param bucketBytes least size of a gradient bucket, see {@link #ONE_BUCKET}
   * @throws IllegalArgumentException naming layer and line, if the network cannot be run in this
   *     mode
   */
  public static NetworkDescription of(
      String networkText,
      Mode mode,
      List<String> outputs,
      int maxRows,
      int lanes,
      long bucketBytes) {
    PlanOptions options = new PlanOptions(mode, outputs, maxRows, 1, lanes, bucketBytes);
    try (Handle handle = new Handle("NetworkDescription", networkText, options)) {
      return handle.describe();
    }
  }

  /** The field of that name, or empty. */
  public Optional<Field> field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  /** The layer of that name, or empty. */
  public Optional<LayerInfo> layer(String name) {
    return layers.stream().filter(layer -> layer.name().equals(name)).findFirst();
  }

  /** The parameter of that name, or empty. */
  public Optional<ParameterInfo> parameter(String name) {
    return parameters.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
  }

  /** Floats of a lane's own gradient. */
  long laneGradientCount() {
    return laneStretches.stream().mapToLong(LaneStretch::count).sum();
  }

  /** Floats of all outputs of one row. */
  public int outputFloats() {
    return outputs.stream().mapToInt(Output::floats).sum();
  }

  /** Reads the lines of {@link NativeMethods#describe}. */
  static NetworkDescription parse(String text) {
    return new DescriptionReader(text).read();
  }
}
