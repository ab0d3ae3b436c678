package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.RunningEpoch;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.exchange.TrainingState;
import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.OptimizerMemory;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;

/** Checkpoints of a tiny training, all different. */
final class Checkpoints {
  static final String NETWORK =
      """
      # fovea network 1
      point Input shape=4
      hidden Dense units=5
      relu Relu
      logits Dense units=3
      label Target shape=1
      loss SoftmaxCrossEntropy from=logits,label
      """;
  static final String HISTORY = "{\n  \"epochs\": [\n    {\n      \"loss\": 0.125\n    }\n  ]\n}\n";
  static final TrainingSettings SETTINGS =
      new TrainingSettings(NETWORK, "Adam", Long.MIN_VALUE, 16);
  private static final NetworkDescription DESCRIPTION = Network.parse(NETWORK).describe();

  private Checkpoints() {}

  /** After so many steps. */
  static Checkpoint at(long steps) {
    return of(SETTINGS, steps, Directive.STEP);
  }

  static Checkpoint finishedAt(long steps) {
    return of(SETTINGS, steps, Directive.STOP);
  }

  static Checkpoint of(TrainingSettings settings, long steps, Directive directive) {
    int slots = Optimizer.parse(settings.optimizer()).stateSlots();
    TrainingState state =
        new TrainingState(
            new Position(steps + 1, steps / 4, (int) (steps % 4), directive),
            List.of(30L, 0L, 34L),
            new RunningEpoch(48, new StepSums(48, 1.0 / 3, 17.5), 0.1, new StepNanos(1, 2, 3, 1)),
            vectors(steps, 1),
            new OptimizerMemory(steps, vectors(-steps, slots).buffer()));
    return new Checkpoint(settings, state, HISTORY);
  }

  static void assertSame(Checkpoint actual, Checkpoint expected) {
    TrainingState state = actual.state();
    assertThat(state.position()).isEqualTo(expected.state().position());
    assertThat(state.rowsOfShards()).isEqualTo(expected.state().rowsOfShards());
    assertThat(state.running()).isEqualTo(expected.state().running());
    assertThat(state.weights().buffer()).isEqualTo(expected.state().weights().buffer());
    assertThat(state.optimizer()).isEqualTo(expected.state().optimizer());
    assertThat(actual.settings()).isEqualTo(expected.settings());
    assertThat(actual.history()).isEqualTo(expected.history());
  }

  /** Random flat vectors, one after the other, with zeros between the parameters. */
  static Weights vectors(long seed, int vectors) {
    Random random = new Random(seed);
    Weights weights = Weights.allocate(vectors * DESCRIPTION.weightCount());
    FloatBuffer floats = weights.floats();
    for (int vector = 0; vector < vectors; vector++) {
      for (ParameterInfo parameter : DESCRIPTION.parameters()) {
        int begin = (int) (vector * DESCRIPTION.weightCount() + parameter.offset());
        for (int i = 0; i < parameter.count(); i++) {
          floats.put(begin + i, (float) random.nextGaussian());
        }
      }
    }
    return weights;
  }
}
