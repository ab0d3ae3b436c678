package dev.fovea.benchmarks.exchange;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * One Spark job a step: the weights are broadcast, each partition gives a gradient, {@code
 * treeAggregate} adds them. What a library does that has Spark and nothing else.
 */
final class JobAveraging implements Averaging {
  private static final float RATE = 1e-3f;

  private final JavaSparkContext context;
  private final int floats;
  private final JavaRDD<Integer> ranks;

  JobAveraging(JavaSparkContext context, int ranks, int floats) {
    this.context = context;
    this.floats = floats;
    this.ranks = context.parallelize(IntStream.range(0, ranks).boxed().toList(), ranks);
  }

  @Override
  public StepCost measure(int warm, int steps) {
    StepClock clock = new StepClock(warm);
    float[] weights = new float[floats];
    for (int step = 0; step < warm + steps; step++) {
      Broadcast<float[]> sent = context.broadcast(weights);
      float[] sum =
          ranks
              .mapPartitions(unused -> gradient(sent.value()))
              .treeAggregate(null, JobAveraging::add, JobAveraging::add);
      for (int i = 0; i < floats; i++) {
        weights[i] -= RATE * sum[i];
      }
      sent.destroy();
      clock.tick();
    }
    return clock.cost();
  }

  private static Iterator<float[]> gradient(float[] weights) {
    float[] gradient = new float[weights.length];
    Arrays.fill(gradient, 1);
    return List.of(gradient).iterator();
  }

  private static float[] add(float[] sum, float[] more) {
    if (sum == null || more == null) {
      return sum == null ? more : sum;
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return sum;
  }
}
