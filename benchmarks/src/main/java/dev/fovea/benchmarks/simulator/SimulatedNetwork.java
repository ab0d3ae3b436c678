package dev.fovea.benchmarks.simulator;

import dev.fovea.benchmarks.core.BenchmarkNetwork;
import dev.fovea.benchmarks.core.Operations;
import dev.fovea.core.network.Network;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How large the buckets of a network are, and when a rank has them.
 *
 * @param bucketBytes in the order in which they are sent
 * @param bucketSeconds when each is complete, from the begin of the step; not decreasing
 * @param gradientShare bytes of a gradient on the wire, for each of its weights' bytes: 1 unless it
 *     is compressed
 */
public record SimulatedNetwork(
    String name, List<Double> bucketBytes, List<Double> bucketSeconds, double gradientShare) {
  /** Floats of a bucket of the stand-in: 64 bytes. */
  private static final int FLOATS = 16;

  public SimulatedNetwork {
    bucketBytes = List.copyOf(bucketBytes);
    bucketSeconds = List.copyOf(bucketSeconds);
  }

  /** One that computes nothing: only the exchange is left. */
  public static SimulatedNetwork idle(NetworkDescription description) {
    List<Bucket> buckets = description.buckets();
    return new SimulatedNetwork("", bytes(buckets), Collections.nCopies(buckets.size(), 0.0), 1);
  }

  /**
   * A network as native plans it.
   *
   * @param rows of a rank in a step
   * @param operationsPerSecond of a rank, as {@link Operations} counts them
   */
  public static SimulatedNetwork of(
      BenchmarkNetwork of, int rows, double operationsPerSecond, long bucketBytes) {
    Network network = of.network();
    NetworkDescription description =
        NetworkDescription.of(network.text(), Mode.TRAIN, List.of(), rows, 1, bucketBytes);
    double forward = 0;
    double[] backward = new double[description.buckets().size()];
    for (ParameterInfo parameter : description.parameters()) {
      Operations operations = Operations.of(network, description, parameter);
      forward += operations.forward();
      backward[bucketOf(description, parameter)] += operations.step() - operations.forward();
    }
    List<Double> seconds = new ArrayList<>();
    double done = forward;
    for (double operations : backward) {
      done += operations;
      seconds.add(rows * done / operationsPerSecond);
    }
    return new SimulatedNetwork(of.name(), bytes(description.buckets()), seconds, 1);
  }

  /** The same, with another {@link #gradientShare}. */
  public SimulatedNetwork withGradientShare(double share) {
    return new SimulatedNetwork(name, bucketBytes, bucketSeconds, share);
  }

  private static int bucketOf(NetworkDescription description, ParameterInfo parameter) {
    return description.buckets().stream()
        .filter(bucket -> bucket.offset() <= parameter.offset())
        .filter(bucket -> parameter.offset() < bucket.offset() + bucket.count())
        .mapToInt(Bucket::index)
        .findFirst()
        .orElseThrow();
  }

  private static List<Double> bytes(List<Bucket> buckets) {
    return buckets.stream().map(bucket -> (double) bucket.count() * Float.BYTES).toList();
  }

  public int buckets() {
    return bucketBytes.size();
  }

  /** Of the weights of a bucket, and of their gradient where it is not compressed. */
  double bytes(int bucket) {
    return bucketBytes.get(bucket);
  }

  /** Of the gradient of a bucket, on the wire. */
  double gradientBytes(int bucket) {
    return gradientShare * bytes(bucket);
  }

  /** Of all weights. */
  public double bytes() {
    return bucketBytes.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** When a rank has computed the bucket, in seconds from the begin of the step. */
  double complete(int bucket) {
    return bucketSeconds.get(bucket);
  }

  /** Seconds of a step in which a rank computes. */
  public double computeSeconds() {
    return bucketSeconds.get(bucketSeconds.size() - 1);
  }

  /** A network for the endpoint: as many buckets, but small ones. */
  NetworkDescription standIn() {
    long count = (long) FLOATS * buckets();
    return new NetworkDescription(
        Mode.TRAIN,
        "",
        Float.BYTES,
        1,
        List.of(),
        count,
        0,
        List.of(new NetworkDescription.Field("", 0, Float.BYTES, DataType.FLOAT32, Shape.of(1))),
        List.of(),
        List.of(new ParameterInfo("all", 0, count, Shape.of((int) count), 1, 0, false, -1)),
        IntStream.range(0, buckets())
            .mapToObj(index -> new Bucket(index, (long) FLOATS * index, FLOATS))
            .toList(),
        List.of(),
        List.of());
  }

  /** The floats of a bucket of the stand-in. */
  ByteBuffer slice(ByteBuffer of, int bucket) {
    int bytes = FLOATS * Float.BYTES;
    return of.slice(bucket * bytes, bytes).order(of.order());
  }
}
