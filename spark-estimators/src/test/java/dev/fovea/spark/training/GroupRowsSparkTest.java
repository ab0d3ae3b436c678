package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.ShardMap;
import dev.fovea.spark.SharedSpark;
import dev.fovea.spark.data.RowKey;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class GroupRowsSparkTest {
  private static final int ROWS = 300;
  private static final ShardMap UNEVEN = new ShardMap(List.of(0, 5, 50, 64));

  private final GroupRows rows = new GroupRows(TinyData.dataset(ROWS, 7));

  @Test
  void aPartitionHasTheRowsOfItsRanksShards() throws InterruptedException {
    for (Placement placement :
        List.of(
            Placement.even(1),
            Placement.even(3),
            new Placement(UNEVEN, List.of()),
            Placement.even(ShardMap.SHARDS))) {
      List<List<Tuple2<Object, byte[]>>> ofRanks = rows.of(placement).glom().collect();

      assertThat(ofRanks).hasSize(placement.ranks());
      assertThat(ofRanks.stream().mapToInt(List::size).sum()).isEqualTo(ROWS);
      for (int rank = 0; rank < ofRanks.size(); rank++) {
        ShardMap shards = placement.shards();
        int owner = rank;
        assertThat(ofRanks.get(rank))
            .allMatch(row -> shards.rankOf(RowKey.shard((Long) row._1())) == owner);
      }
    }
  }

  @Test
  void anExecutorsTaskHasTheRowsOfTheExecutorsRank() throws InterruptedException {
    List<Object> expected = keys(rows.of(new Placement(UNEVEN, List.of())), 1);

    JavaRDD<Tuple2<Object, byte[]>> here =
        rows.of(new Placement(UNEVEN, List.of("5", "driver", "7")).withTasks(64));
    JavaRDD<Tuple2<Object, byte[]>> elsewhere =
        rows.of(new Placement(UNEVEN, List.of("5", "6", "7")));

    IntStream.of(0, 1, 2, 63).forEach(task -> assertThat(keys(here, task)).isEqualTo(expected));
    assertThat(elsewhere.count()).isZero();
  }

  @Test
  void groupsShareAShuffleUntilItIsForgotten() throws InterruptedException {
    LongAccumulator computed = SharedSpark.session().sparkContext().longAccumulator();
    MapFunction<Row, Row> counted =
        row -> {
          computed.add(1);
          return row;
        };
    Dataset<Row> records =
        TinyData.dataset(ROWS, 7).map(counted, Encoders.row(TinyData.SCHEMA)).toDF();
    GroupRows shared = new GroupRows(records);

    assertThat(shared.of(Placement.even(2)).count()).isEqualTo(ROWS);
    assertThat(shared.of(Placement.even(3)).count()).isEqualTo(ROWS);
    assertThat(computed.value()).isEqualTo(ROWS);
    shared.forget();
    assertThat(shared.of(Placement.even(3)).count()).isEqualTo(ROWS);
    assertThat(computed.value()).isEqualTo(2L * ROWS);
  }

  private static List<Object> keys(JavaRDD<Tuple2<Object, byte[]>> rows, int task) {
    return rows.collectPartitions(new int[] {task})[0].stream()
        .map(row -> row._1())
        .sorted()
        .toList();
  }
}
