package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.GradientPart;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What an endpoint itself costs a processor, without a transport: this thread sends it whole steps
 * of all ranks.
 *
 * @param add seconds to add a byte of a rank's gradient
 * @param update seconds for new weights from a byte of the sum, with the checks and copies around
 */
public record EndpointCosts(double add, double update) {
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();
  private static final int RANKS = 3; // the first is copied, the second added, the last updates
  private static final int WARM_STEPS = 4;
  private static final int STEPS = 16;

  /** Measures; Sgd with momentum. */
  public static EndpointCosts measure(NetworkDescription network) {
    double[] add = new double[STEPS];
    double[] update = new double[STEPS];
    double bytes = network.weightCount() * (double) Float.BYTES;
    try (DriverEndpoint endpoint = endpoint(network)) {
      int group = Groups.begin(endpoint, ShardMap.even(RANKS), WARM_STEPS + STEPS);
      ByteBuffer gradient = AlignedMemory.allocate(network.weightCount() * Float.BYTES);
      for (int step = 0; step < WARM_STEPS + STEPS; step++) {
        double[] seconds = new double[RANKS];
        Position at = endpoint.position();
        for (Bucket bucket : network.buckets()) {
          for (int rank = 0; rank < RANKS; rank++) {
            long began = THREAD.getCurrentThreadCpuTime();
            endpoint.gradient(part(group, at, rank, bucket, gradient), Groups.ignored());
            seconds[rank] += (THREAD.getCurrentThreadCpuTime() - began) / 1e9;
          }
        }
        if (step >= WARM_STEPS) {
          add[step - WARM_STEPS] = seconds[1] / bytes;
          update[step - WARM_STEPS] = Math.max(0, seconds[2] - seconds[1]) / bytes;
        }
      }
    }
    return new EndpointCosts(median(add), median(update));
  }

  private static DriverEndpoint endpoint(NetworkDescription network) {
    return new DriverEndpoint(
        Groups.plan(network),
        Weights.allocate(network.weightCount()),
        new OptimizerState(new Sgd(0.9), network),
        new ExchangeListener() {});
  }

  private static GradientPart part(
      int group, Position at, int rank, Bucket bucket, ByteBuffer gradient) {
    ByteBuffer floats =
        gradient.slice((int) bucket.offset() * Float.BYTES, (int) bucket.count() * Float.BYTES);
    StepSums sums = new StepSums(1, 1, 1);
    return new GradientPart(group, at.step(), rank, bucket.index(), sums, 0, floats);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
