package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.spark.SharedSpark;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class TaskProfileSparkTest {
  @Test
  void aClusterWithoutTaskProfilesComputesTheRowsAsTheyAre() {
    JavaRDD<Integer> rows =
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext())
            .parallelize(List.of(1, 2, 3), 2);

    assertThat(TaskProfile.ofCores(rows, 2)).as("of a local master").isEmpty();

    assertThat(rows.collect()).containsExactly(1, 2, 3);
  }
}
