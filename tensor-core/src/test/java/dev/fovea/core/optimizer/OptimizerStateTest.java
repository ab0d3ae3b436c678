package dev.fovea.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.GradientSum;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.tensor.Weights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the published formulas, in double, parameter by parameter. */
class OptimizerStateTest {
  private static final double RATE = 0.05;
  private static final double SCALE = 1.0 / 32;
  private static final int STEPS = 5;

  private static final List<ParameterInfo> PARAMETERS =
      List.of(
          parameter("conv1.weight", 0, 36, 1, 0.01, false, -1),
          parameter("conv1.bias", 48, 4, 1, 0, false, -1),
          parameter("norm1.scale", 64, 4, 1, 0, false, -1),
          parameter("norm1.mean", 80, 4, 1, 0, false, 0.9),
          parameter("norm1.variance", 96, 4, 1, 0, false, 0.9),
          parameter("conv2.weight", 112, 100, 1, 0, true, -1),
          parameter("logits.weight", 224, 30, 0.1, 0.02, false, -1),
          parameter("logits.bias", 256, 3, 0.1, 0, false, -1));
  private static final int COUNT = 272;

  private static final NetworkDescription NETWORK =
      new NetworkDescription(
          Mode.TRAIN,
          "reference",
          4,
          1,
          List.of(),
          COUNT,
          0,
          List.of(),
          List.of(),
          PARAMETERS,
          List.of(),
          List.of(),
          List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sgd momentum=0",
        "Sgd momentum=0.9",
        "Sgd momentum=0.9 nesterov=true",
        "Adam",
        "Adam beta1=0.5 beta2=0.9 epsilon=0.01"
      })
  void stepsFollowTheFormula(String text) {
    Optimizer optimizer = Optimizer.parse(text);
    OptimizerState state = new OptimizerState(optimizer, NETWORK);
    Weights weights = randomWeights();
    double[] expected = toDoubles(weights);
    double[][] slots = new double[2][COUNT];
    for (int step = 1; step <= STEPS; step++) {
      GradientSum gradient = randomGradient(step);
      state.step(weights, gradient.buffer(), RATE / step, SCALE);
      step(optimizer, step, RATE / step, expected, gradient.toArray(), slots);
    }

    assertThat(state.steps()).isEqualTo(STEPS);
    for (int i = 0; i < COUNT; i++) {
      assertThat((double) weights.floats().get(i))
          .as("float %d", i)
          .isCloseTo(expected[i], within(2e-5 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  @Test
  void bucketsGiveTheSameWeightsAsTheWhole() {
    Optimizer optimizer = new Adam();
    OptimizerState whole = new OptimizerState(optimizer, NETWORK);
    OptimizerState parts = new OptimizerState(optimizer, NETWORK);
    Weights expected = randomWeights();
    Weights weights = expected.copy();
    for (int step = 1; step <= STEPS; step++) {
      GradientSum gradient = randomGradient(step);
      whole.step(expected, gradient.buffer(), RATE, SCALE);
      parts.beginStep();
      parts.update(weights, gradient.buffer(), RATE, SCALE, 224, COUNT - 224);
      parts.update(weights, gradient.buffer(), RATE, SCALE, 64, 160);
      parts.update(weights, gradient.buffer(), RATE, SCALE, 0, 64);
    }

    assertThat(weights.toArray()).isEqualTo(expected.toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void lanesGiveTheSameBitsAsOne(int lanes) {
    NetworkDescription network = largeNetwork();
    int count = (int) network.weightCount();
    OptimizerState one = new OptimizerState(new Adam(), network);
    OptimizerState several = new OptimizerState(new Adam(), network, lanes);
    Weights expected = Weights.allocate(count);
    Weights weights = expected.copy();
    GradientSum gradient = GradientSum.allocate(count);
    Random random = new Random(3);
    for (int i = 0; i < count; i++) {
      gradient.floats().put(i, random.nextFloat() - 0.5f);
    }
    for (int step = 1; step <= 2; step++) {
      one.step(expected, gradient.buffer(), RATE, SCALE);
      several.step(weights, gradient.buffer(), RATE, SCALE);
    }

    assertThat(weights.toArray()).isEqualTo(expected.toArray());
    assertThat(weights.floats().get(count - 1)).isNotZero();
  }

  @ParameterizedTest
  @MethodSource("everyOptimizer")
  void aRestoredStateGoesOnWithTheSameBits(String text) {
    Optimizer optimizer = Optimizer.parse(text);
    OptimizerState undisturbed = new OptimizerState(optimizer, NETWORK);
    Weights expected = randomWeights();
    for (int step = 1; step <= STEPS; step++) {
      undisturbed.step(expected, randomGradient(step).buffer(), RATE, SCALE);
    }
    OptimizerMemory kept = undisturbed.memory().copy();
    Weights weights = expected.copy();
    OptimizerState restored = new OptimizerState(optimizer, NETWORK, 3);
    restored.step(randomWeights(), randomGradient(77).buffer(), RATE, SCALE);
    restored.restore(kept);
    for (int step = STEPS + 1; step <= 2 * STEPS; step++) {
      undisturbed.step(expected, randomGradient(step).buffer(), RATE, SCALE);
      restored.step(weights, randomGradient(step).buffer(), RATE, SCALE);
    }

    assertThat(weights.toArray()).isEqualTo(expected.toArray());
    assertThat(restored.steps()).isEqualTo(2 * STEPS);
    assertThat(restored.memory()).isEqualTo(undisturbed.memory());
    assertThat(kept.steps()).isEqualTo(STEPS);
  }

  /** Every type with its defaults, and those that keep other slots than these. */
  static Stream<String> everyOptimizer() {
    return Stream.concat(
        Optimizer.types().keySet().stream(),
        Stream.of("Sgd momentum=0", "Sgd momentum=0.9 nesterov=true", "Adam beta1=0.5"));
  }

  @Test
  void aMemoryIsTheStatesOwnAndACopyIsNot() {
    OptimizerState state = new OptimizerState(new Adam(), NETWORK);
    OptimizerMemory own = state.memory();
    OptimizerMemory copy = own.copy();
    state.step(randomWeights(), randomGradient(1).buffer(), RATE, SCALE);

    assertThat(own.slots()).isEqualTo(state.memory().slots()).isNotEqualTo(copy.slots());
    assertThat(own.slots().isReadOnly()).isTrue();
    OptimizerMemory second = state.memory().copyTo(copy.slots());
    assertThat(second).isEqualTo(state.memory());
    assertThat(copy.slots()).isEqualTo(second.slots());
  }

  @Test
  void theMemoryOfAnotherOptimizerIsRefused() {
    OptimizerState sgd = new OptimizerState(new Sgd(0.9), NETWORK);
    OptimizerMemory adam = new OptimizerState(new Adam(), NETWORK).memory();

    assertThatThrownBy(() -> sgd.restore(adam))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Optimizer memory: expected 1088 bytes (Sgd momentum=0.9 nesterov=false, 1 slots of 272"
                + " floats). Received: 2176. Restore the memory of this optimizer and network.");
    assertThatThrownBy(() -> sgd.memory().copyTo(adam.slots()))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Optimizer memory: expected a buffer of 1088 bytes. Received: 2176.");
    assertThatThrownBy(() -> new OptimizerMemory(-1, adam.slots()))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Optimizer memory: expected steps >= 0. Received: -1.");
  }

  @Test
  void frozenParametersStay() {
    OptimizerState state = new OptimizerState(new Sgd(0.9), NETWORK);
    Weights weights = randomWeights();
    float[] before = weights.toArray();
    state.step(weights, randomGradient(1).buffer(), RATE, SCALE);

    for (int i = 112; i < 212; i++) {
      assertThat(weights.floats().get(i)).isEqualTo(before[i]);
    }
    assertThat(weights.floats().get(0)).isNotEqualTo(before[0]);
  }

  @Test
  void anUpdateBelongsToAStep() {
    OptimizerState state = new OptimizerState(new Sgd(0.9), NETWORK);
    Weights weights = randomWeights();
    GradientSum gradient = randomGradient(1);

    assertThatThrownBy(() -> state.update(weights, gradient.buffer(), RATE, SCALE, 0, COUNT))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("OptimizerState: expected beginStep before update.");
  }

  @Test
  void closingEndsTheThreadsOfItsLanesAndKeepsItsMemory() throws InterruptedException {
    List<Thread> before = lanes();
    OptimizerState state = new OptimizerState(new Adam(), NETWORK, 3);
    List<Thread> own = lanes().stream().filter(thread -> !before.contains(thread)).toList();
    assertThat(own).hasSize(2);

    state.close();
    state.close();

    for (Thread thread : own) {
      thread.join(TimeUnit.SECONDS.toMillis(10));
      assertThat(thread.isAlive()).isFalse();
    }
    assertThat(state.memory().steps()).isZero();
  }

  private static List<Thread> lanes() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fovea-replica-"))
        .toList();
  }

  @Test
  void aGradientOfAnotherSizeIsRefused() {
    OptimizerState state = new OptimizerState(new Sgd(0.9), NETWORK);
    Weights weights = randomWeights();

    assertThatThrownBy(() -> state.step(weights, GradientSum.allocate(16).buffer(), RATE, SCALE))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Buffer gradient: expected a direct buffer of 144 bytes. Received: 64.");
  }

  /** Two runs, large enough for several lanes, with a border that falls into a lane's slice. */
  private static NetworkDescription largeNetwork() {
    int first = 133_000;
    int begin = 133_008;
    int second = 140_000;
    return new NetworkDescription(
        Mode.TRAIN,
        "reference",
        4,
        1,
        List.of(),
        begin + second,
        0,
        List.of(),
        List.of(),
        List.of(
            parameter("fc1.weight", 0, first, 1, 0.01, false, -1),
            parameter("fc2.weight", begin, second, 0.5, 0, false, -1)),
        List.of(),
        List.of(),
        List.of());
  }

  /** One step of any of the optimizers over all parameters, as the papers write it. */
  private static void step(
      Optimizer optimizer, int step, double rate, double[] w, float[] gradient, double[][] slots) {
    for (ParameterInfo parameter : PARAMETERS) {
      for (int i = (int) parameter.offset(); i < parameter.offset() + parameter.count(); i++) {
        double mean = SCALE * gradient[i];
        if (parameter.frozen()) {
          continue;
        }
        if (parameter.statistic()) {
          w[i] = parameter.decay() * w[i] + (1 - parameter.decay()) * mean;
          continue;
        }
        double g = mean + parameter.l2() * w[i];
        w[i] -= rate * parameter.learningRate() * direction(optimizer, step, g, slots, i);
      }
    }
  }

  private static double direction(
      Optimizer optimizer, int step, double g, double[][] slots, int i) {
    if (optimizer instanceof Sgd sgd) {
      slots[0][i] = sgd.momentum() * slots[0][i] + g;
      return sgd.nesterov() ? g + sgd.momentum() * slots[0][i] : slots[0][i];
    }
    Adam adam = (Adam) optimizer;
    slots[0][i] = adam.beta1() * slots[0][i] + (1 - adam.beta1()) * g;
    slots[1][i] = adam.beta2() * slots[1][i] + (1 - adam.beta2()) * g * g;
    double first = slots[0][i] / (1 - Math.pow(adam.beta1(), step));
    double second = slots[1][i] / (1 - Math.pow(adam.beta2(), step));
    return first / (Math.sqrt(second) + adam.epsilon());
  }

  private static ParameterInfo parameter(
      String name, long offset, int count, double rate, double l2, boolean frozen, double decay) {
    return new ParameterInfo(name, offset, count, Shape.of(count), rate, l2, frozen, decay);
  }

  /** Random parameters, zeros between them. */
  private static Weights randomWeights() {
    Weights weights = Weights.allocate(COUNT);
    fill(weights.floats(), new Random(1), 1);
    return weights;
  }

  private static GradientSum randomGradient(int step) {
    GradientSum gradient = GradientSum.allocate(COUNT);
    fill(gradient.floats(), new Random(100 + step), 1 / SCALE);
    return gradient;
  }

  private static void fill(FloatBuffer floats, Random random, double size) {
    for (ParameterInfo parameter : PARAMETERS) {
      for (int i = (int) parameter.offset(); i < parameter.offset() + parameter.count(); i++) {
        floats.put(i, (float) (size * random.nextGaussian()));
      }
    }
  }

  private static double[] toDoubles(Weights weights) {
    double[] values = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = weights.floats().get(i);
    }
    return values;
  }
}
