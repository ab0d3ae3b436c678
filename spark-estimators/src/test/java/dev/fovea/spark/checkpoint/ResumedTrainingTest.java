package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.RunningEpoch;
import dev.fovea.core.exchange.TrainingState;
import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes through the files of a checkpoint loses no bit of a training. */
class ResumedTrainingTest {
  private static final NetworkDescription NETWORK = Network.parse(Checkpoints.NETWORK).describe();
  private static final int HALF = 4;

  @TempDir Path directory;

  static Stream<String> optimizers() {
    return Stream.concat(
        Optimizer.types().keySet().stream(),
        Stream.of("Sgd momentum=0", "Sgd momentum=0.9 nesterov=true"));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aResumedTrainingEndsWithTheWeightsOfAnUndisturbedOne(String text) {
    TrainingSettings settings = new TrainingSettings(Checkpoints.NETWORK, text, 1, 16);
    OptimizerState undisturbed = new OptimizerState(Optimizer.parse(text), NETWORK);
    Weights expected = Checkpoints.vectors(0, 1);
    train(undisturbed, expected, 1, HALF);
    Position next = new Position(HALF + 1, 0, HALF, Directive.STEP);
    try (TrainingCheckpoints checkpoints = open(settings, "file:" + directory, "")) {
      checkpoints.offer(
          new TrainingState(next, List.of(64L), RunningEpoch.NONE, expected, undisturbed.memory()),
          () -> Checkpoints.HISTORY);
    }
    train(undisturbed, expected, HALF + 1, 2 * HALF);

    TrainingCheckpoints checkpoints = open(settings, "", "file:" + directory);
    TrainingState resumed = checkpoints.takeResumed().orElseThrow().state();
    OptimizerState optimizer = new OptimizerState(Optimizer.parse(text), NETWORK);
    optimizer.restore(resumed.optimizer());
    train(optimizer, resumed.weights(), HALF + 1, 2 * HALF);

    assertThat(resumed.position()).isEqualTo(next);
    assertThat(resumed.weights().toArray()).isEqualTo(expected.toArray());
    assertThat(optimizer.memory()).isEqualTo(undisturbed.memory());
  }

  private static TrainingCheckpoints open(
      TrainingSettings settings, String directory, String resumeFrom) {
    CheckpointInterval interval = CheckpointInterval.parse("1 step");
    return TrainingCheckpoints.open(
        new CheckpointPlan(directory, interval, 1, resumeFrom),
        settings,
        "a fit",
        new Configuration());
  }

  private static void train(OptimizerState optimizer, Weights weights, int first, int last) {
    for (int step = first; step <= last; step++) {
      optimizer.step(weights, Checkpoints.vectors(step, 1).buffer(), 0.1 / step, 1.0 / 16);
    }
  }
}
