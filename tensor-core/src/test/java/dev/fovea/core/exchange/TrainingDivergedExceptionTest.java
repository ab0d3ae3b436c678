package dev.fovea.core.exchange;

import static dev.fovea.core.exchange.EndpointFixture.DESCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingDivergedExceptionTest {
  private static final String ADVICE =
      " Lower stepSize, or scale the inputs to mean 0 and standard deviation 1.";

  private final EndpointFixture fixture = new EndpointFixture(1, 10, 1);

  TrainingDivergedExceptionTest() {
    fixture.sendHello(0, 50, 1);
  }

  @Test
  void aLossThatIsNotANumberNamesTheLastFiniteOne() {
    fixture.sendAll(1, 0, 10, 1);

    sendSums(2, new StepSums(10, Double.NaN, 0));

    assertFailure(
        2,
        "Training diverged at step 2: expected a finite loss. Received: NaN (last finite loss"
            + " 2.000 at step 1, learning rate 0.5)."
            + ADVICE);
  }

  @Test
  void anInfiniteLossAtTheFirstStepHasNoLossBefore() {
    sendSums(1, new StepSums(10, Double.POSITIVE_INFINITY, 0));

    assertFailure(
        1,
        "Training diverged at step 1: expected a finite loss. Received: Infinity (no finite loss"
            + " before, learning rate 0.5)."
            + ADVICE);
  }

  @Test
  void aGradientThatIsNotFiniteNamesTheParameter() {
    GradientPart part = fixture.part(1, 0, 0, 10, 1);
    part.floats().putFloat(4, Float.NEGATIVE_INFINITY);

    fixture.send(part);

    String name = parameterIn(DESCRIPTION.buckets().get(0).offset() + 1);
    assertFailure(
        1,
        "Training diverged at step 1: expected a finite gradient. Received: -Infinity in "
            + name
            + " (last finite loss 2.000 at step 1, learning rate 0.5)."
            + ADVICE);
    assertThat(fixture.weights.toArray()).as("weights untouched").containsOnly(0);
  }

  @Test
  void weightsThatOverflowAreFoundAtTheEndOfTheEpoch() {
    for (int step = 1; step <= 5; step++) {
      fixture.sendAll(step, 0, 1, step < 5 ? 1e38f : 3.3e38f); // to -2e38, then past the end
    }

    fixture.sendEvaluation(0, 0, new StepSums(1, 1, 1));

    assertFailure(
        5,
        "Training diverged at step 5: expected finite weights. Received: -Infinity in "
            + parameterIn(0)
            + " (last finite loss 2.000 at step 5, learning rate 0.5)."
            + ADVICE);
  }

  @Test
  void aValidationLossThatIsNotANumberFailsTheTraining() {
    for (int step = 1; step <= 5; step++) {
      fixture.sendAll(step, 0, 10, 0);
    }

    fixture.sendEvaluation(0, 0, new StepSums(1, Double.NaN, 1));

    assertFailure(
        5,
        "Training diverged at step 5: expected a finite validation loss. Received: NaN (last finite"
            + " loss 2.000 at step 5, learning rate 0.5)."
            + ADVICE);
  }

  @Test
  void everyFloatIsCheckedAndNoFiniteOneIsTakenForInfinite() {
    int count = 64;
    Random random = new Random(1);
    ByteBuffer floats = AlignedMemory.allocate((long) count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      float extreme = i % 2 == 0 ? Float.MAX_VALUE : -Float.MIN_VALUE;
      floats.putFloat(i * Float.BYTES, i % 3 == 0 ? extreme : random.nextFloat());
    }
    assertThat(DivergenceCheck.firstNonFinite(floats, 0, count)).isEqualTo(-1);

    for (int i = 0; i < count; i++) {
      float before = floats.getFloat(i * Float.BYTES);
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        floats.putFloat(i * Float.BYTES, bad);
        assertThat(DivergenceCheck.firstNonFinite(floats, 0, count)).isEqualTo(i);
        assertThat(DivergenceCheck.firstNonFinite(floats, 0, i)).isEqualTo(-1);
        assertThat(DivergenceCheck.firstNonFinite(floats, i, count - i)).isEqualTo(i);
      }
      floats.putFloat(i * Float.BYTES, before);
    }
  }

  private void sendSums(long step, StepSums sums) {
    fixture.send(
        new GradientPart(0, step, 0, 0, sums, 1, fixture.part(step, 0, 0, 10, 0).floats()));
  }

  private void assertFailure(long step, String message) {
    assertThat(fixture.endpoint.position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.failure().orElseThrow())
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessage(message);
    TrainingDivergedException failure =
        (TrainingDivergedException) fixture.endpoint.failure().orElseThrow();
    assertThat(failure.step()).isEqualTo(step);
  }

  private static String parameterIn(long index) {
    return DESCRIPTION.parameters().stream()
        .filter(p -> p.offset() <= index && index < p.offset() + p.count())
        .findFirst()
        .orElseThrow()
        .name();
  }
}
