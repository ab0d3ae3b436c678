package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.ShardMap;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardSharesTest {
  @Test
  void sharesAreInProportionToSpeeds() {
    assertThat(shares(1, 1)).containsExactly(32, 32);
    assertThat(shares(3, 1)).containsExactly(48, 16);
    assertThat(shares(100, 300, 400)).containsExactly(8, 24, 32);
    assertThat(shares(5)).containsExactly(64);
  }

  @Test
  void whatIsLeftGoesToTheLargestRemainders() {
    assertThat(shares(1, 1, 1)).as("21.33 each").containsExactly(22, 21, 21);
    assertThat(shares(0.31, 0.42, 0.27)).as("19.84, 26.88, 17.28").containsExactly(20, 27, 17);
  }

  @Test
  void nobodyIsLeftWithoutAShard() {
    assertThat(shares(1000, 1, 1)).containsExactly(62, 1, 1);
    double[] many = new double[ShardMap.SHARDS];
    Arrays.fill(many, 1);
    many[5] = 1e6;
    assertThat(shares(many)).containsOnly(1);
  }

  @Test
  void everyShardIsDealtWhateverTheSpeeds() {
    Random random = new Random(8);
    for (int i = 0; i < 1000; i++) {
      double[] speeds =
          random.doubles(1 + random.nextInt(ShardMap.SHARDS), 1e-3, 1).map(s -> s * s).toArray();
      double all = Arrays.stream(speeds).sum();

      List<Integer> shares = shares(speeds);

      assertThat(shares).hasSameSizeAs(speeds).allMatch(shards -> shards >= 1);
      assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ShardMap.SHARDS);
      for (int rank = 0; rank < speeds.length; rank++) {
        double due = speeds[rank] / all * ShardMap.SHARDS;
        assertThat((double) shares.get(rank)).isLessThan(Math.max(1, due) + 1);
      }
    }
  }

  private static List<Integer> shares(double... speeds) {
    ShardMap map = ShardShares.bySpeed(speeds);
    return IntStream.range(0, map.ranks())
        .mapToObj(rank -> map.end(rank) - map.first(rank))
        .toList();
  }
}
