package dev.fovea.spark.training;

import dev.fovea.core.exchange.ShardMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Deals the shards to ranks by their speeds. */
final class ShardShares {
  private ShardShares() {}

  /**
   * A stretch of shards for each rank, as long as its part of all speed says, by largest remainder;
   * none without a shard.
   *
   * @param speeds of each rank, &gt; 0, in any unit; 1 to {@link ShardMap#SHARDS} of them
   */
  static ShardMap bySpeed(double[] speeds) {
    double all = Arrays.stream(speeds).sum();
    int spare = ShardMap.SHARDS - speeds.length; // each rank has one shard before these are dealt
    double[] due =
        Arrays.stream(speeds)
            .map(speed -> Math.max(0, speed / all * ShardMap.SHARDS - 1))
            .toArray();
    double allDue = Arrays.stream(due).sum(); // above spare where a rank is due less than one
    int[] shards = new int[speeds.length];
    double[] remainders = new double[speeds.length];
    for (int rank = 0; rank < shards.length; rank++) {
      double part = allDue > 0 ? due[rank] / allDue * spare : 0;
      shards[rank] = 1 + (int) part;
      remainders[rank] = part - (int) part;
    }
    IntStream.range(0, shards.length)
        .boxed()
        .sorted(Comparator.comparingDouble(rank -> -remainders[rank]))
        .limit(ShardMap.SHARDS - Arrays.stream(shards).sum())
        .forEach(rank -> shards[rank]++);
    return map(shards);
  }

  private static ShardMap map(int[] shards) {
    List<Integer> bounds = new ArrayList<>(List.of(0));
    int bound = 0;
    for (int each : shards) {
      bound += each;
      bounds.add(bound);
    }
    return new ShardMap(bounds);
  }
}
