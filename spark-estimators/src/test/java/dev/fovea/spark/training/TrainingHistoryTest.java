package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.RankReport;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.tensor.StepSums;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrainingHistoryTest {
  private static final EpochSeconds SHARES = new EpochSeconds(1.5, 0.25, 0.25, 0.5, 0.75);
  private static final List<ReplicaSeconds> REPLICAS =
      List.of(new ReplicaSeconds(0, "a", 50, 1, 0.5), new ReplicaSeconds(1, "driver", 50, 1.5, 0));
  private static final EpochSeconds NONE = new EpochSeconds(0, 0, 0, 0, 0);
  private static final TrainingEpoch VALIDATED =
      new TrainingEpoch(
          1,
          4,
          100,
          0.5,
          0.75,
          OptionalDouble.of(0.25),
          OptionalDouble.of(1),
          0.1,
          2.5,
          50,
          SHARES,
          REPLICAS,
          "shares by speed: ...");
  private static final TrainingEpoch PLAIN =
      new TrainingEpoch(
          2,
          8,
          100,
          1e-9,
          1,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0.01,
          2,
          100,
          NONE,
          List.of(),
          "");

  @Test
  void jsonReadsBackEqual() {
    TrainingHistory history = new TrainingHistory(List.of(VALIDATED, PLAIN));

    assertThat(TrainingHistory.fromJson(history.toJson())).isEqualTo(history);
  }

  @Test
  void jsonLeavesOutWhatThereIsNot() {
    assertThat(new TrainingHistory(List.of(PLAIN)).toJson())
        .contains("\"epoch\": 2", "\"learningRate\": 0.01")
        .doesNotContain("validation");
    assertThat(new TrainingHistory(List.of(VALIDATED)).toJson())
        .contains("\"validationLoss\": 0.25", "\"validationAccuracy\": 1.0");
  }

  @Test
  void keysOfLaterVersionsAreSkipped() {
    String json =
        new TrainingHistory(List.of(PLAIN))
            .toJson()
            .replace("\"seconds\"", "\"more\": 1, \"seconds\"");

    assertThat(TrainingHistory.fromJson(json).epochs()).containsExactly(PLAIN);
  }

  @Test
  void modelsOfTheFirstVersionTellNoShares() {
    String json =
        new TrainingHistory(List.of(PLAIN))
            .toJson()
            .replaceAll("(?s),\\s*\"shares\".*?\\}", "")
            .replaceAll(",\\s*\"replicas\": \\[\\s*\\]", "");

    assertThat(json).doesNotContain("replicas", "shares");
    assertThat(TrainingHistory.fromJson(json).epochs()).containsExactly(PLAIN);
  }

  @Test
  void textThatIsNoHistoryIsRefused() {
    assertThatThrownBy(() -> TrainingHistory.fromJson("{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("History: expected a list 'epochs'. Received: null.");
    assertThatThrownBy(() -> TrainingHistory.fromJson("{\"epochs\": [3]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("History: expected epochs as objects. Received: 3.");
    assertThatThrownBy(
            () ->
                TrainingHistory.fromJson(
                    new TrainingHistory(List.of(PLAIN)).toJson().replace("\"loss\"", "\"cost\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("History: expected a number as 'loss' of every epoch. Received: null.");
  }

  @Test
  void anEpochTakesMeansOfSumsOnce() {
    TrainingEpoch epoch =
        TrainingEpoch.of(
            new EpochReport(
                2,
                12,
                100,
                new StepSums(50, 25, 40),
                10,
                new StepSums(8, 2, 6),
                0.1,
                new StepNanos(1_500_000_000, 250_000_000, 250_000_000, 750_000_000),
                500_000_000,
                List.of(
                    new RankReport(0, "a", 50, 1_000_000_000, 500_000_000),
                    new RankReport(1, "driver", 50, 1_500_000_000, 0))),
            "why");

    assertThat(epoch)
        .isEqualTo(
            new TrainingEpoch(
                3,
                12,
                100,
                0.5,
                0.8,
                OptionalDouble.of(0.25),
                OptionalDouble.of(0.75),
                0.1,
                2.5,
                50,
                SHARES,
                REPLICAS,
                "why"));
    assertThat(epoch.shares().total()).isEqualTo(epoch.seconds());
  }
}
