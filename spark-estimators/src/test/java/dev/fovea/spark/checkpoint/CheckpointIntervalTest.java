package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.spark.checkpoint.CheckpointInterval.Unit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointIntervalTest {
  @Test
  void stepsAndMinutesAreRead() {
    assertThat(CheckpointInterval.parse("500 steps"))
        .isEqualTo(new CheckpointInterval(500, Unit.STEPS));
    assertThat(CheckpointInterval.parse("1 step")).isEqualTo(new CheckpointInterval(1, Unit.STEPS));
    assertThat(CheckpointInterval.parse("10 minutes"))
        .isEqualTo(new CheckpointInterval(10, Unit.MINUTES));
    assertThat(CheckpointInterval.parse("1 minute"))
        .isEqualTo(new CheckpointInterval(1, Unit.MINUTES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "500",
        "steps",
        "0 steps",
        "-1 steps",
        "1.5 minutes",
        "2 hours",
        "10  minutes"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> CheckpointInterval.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param checkpointInterval: expected a number of steps or minutes, such as '500 steps'"
                + " or '10 minutes'. Received: '"
                + text
                + "'.");
  }

  @Test
  void stepsAreDueAtTheirMultiples() {
    CheckpointInterval interval = CheckpointInterval.parse("4 steps");
    assertThat(interval.isDue(3, Long.MAX_VALUE)).isFalse();
    assertThat(interval.isDue(4, 0)).isTrue();
    assertThat(interval.isDue(5, 0)).isFalse();
    assertThat(interval.isDue(8, 0)).isTrue();
  }

  @Test
  void minutesAreDueByTheClock() {
    CheckpointInterval interval = CheckpointInterval.parse("2 minutes");
    assertThat(interval.isDue(2, TimeUnit.SECONDS.toNanos(119))).isFalse();
    assertThat(interval.isDue(3, TimeUnit.SECONDS.toNanos(120))).isTrue();
  }
}
