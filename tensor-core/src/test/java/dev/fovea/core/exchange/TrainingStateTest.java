package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.optimizer.OptimizerMemory;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingStateTest {
  private static final List<Long> ROWS = List.of(60L, 0L, 40L);
  private static final RunningEpoch RUNNING =
      new RunningEpoch(20, new StepSums(20, 8, 15), 0.1, new StepNanos(5, 6, 7, 4));

  @Test
  void aCopyStaysWhenTheTrainingGoesOn() {
    Weights weights = Weights.of(1, 2, 3);
    ByteBuffer slots = slots(4, 5, 6);
    TrainingState view = state(weights, slots);
    TrainingState copy = view.copy();
    weights.floats().put(0, 10);
    slots.putFloat(0, 40);

    assertThat(view.weights().toArray()).containsExactly(10, 2, 3);
    assertThat(view.optimizer().slots()).isEqualTo(slots(40, 5, 6));
    assertThat(copy.weights().toArray()).containsExactly(1, 2, 3);
    assertThat(copy.optimizer()).isEqualTo(new OptimizerMemory(3, slots(4, 5, 6)));
    assertThat(copy.position()).isEqualTo(at(Directive.STEP));
    assertThat(copy.rowsOfShards()).isEqualTo(ROWS);
    assertThat(copy.running()).isEqualTo(RUNNING);
    assertThat(copy.steps()).isEqualTo(3);
  }

  @Test
  void theMemoryOfACopyIsTakenForTheNext() {
    TrainingState spare = state(Weights.of(1, 2, 3), slots(4, 5, 6)).copy();
    TrainingState later =
        new TrainingState(
            new Position(9, 2, 0, Directive.STEP),
            ROWS,
            RunningEpoch.NONE,
            Weights.of(7, 8, 9),
            new OptimizerMemory(8, slots(1, 1, 2).asReadOnlyBuffer()));
    TrainingState copy = later.copyInto(spare);

    assertThat(copy.weights()).isSameAs(spare.weights());
    assertThat(copy.weights().toArray()).containsExactly(7, 8, 9);
    assertThat(copy.optimizer()).isEqualTo(new OptimizerMemory(8, slots(1, 1, 2)));
    assertThat(spare.optimizer().slots()).isEqualTo(slots(1, 1, 2));
    assertThat(copy.position()).isEqualTo(later.position());
    assertThat(copy.running()).isEqualTo(RunningEpoch.NONE);
  }

  @Test
  void moreEpochsGoOnWithAFinishedTraining() {
    TrainingState finished = finishedAfterTwoEpochs();
    assertThat(finished.isFinished()).isTrue();
    assertThat(finished.forEpochs(2).position()).isEqualTo(finished.position());
    assertThat(finished.forEpochs(1).position()).isEqualTo(finished.position());

    TrainingState more = finished.forEpochs(3);
    assertThat(more.position()).isEqualTo(new Position(9, 2, 0, Directive.STEP));
    assertThat(more.isFinished()).isFalse();
    assertThat(more.weights()).isSameAs(finished.weights());
  }

  @Test
  void fewerEpochsFinishATraining() {
    TrainingState running = state(Weights.of(1), slots(1));
    assertThat(running.forEpochs(2).position()).isEqualTo(running.position());
    assertThat(running.forEpochs(1).position()).isEqualTo(at(Directive.STOP));
  }

  @Test
  void whatIsNotBetweenTwoStepsIsRefused() {
    refuses(
        new Position(4, 1, 1, Directive.EVALUATE),
        ROWS,
        3,
        "Training state: expected a position with STEP or STOP. Received: EVALUATE.");
    refuses(
        new Position(0, 1, 1, Directive.STEP),
        ROWS,
        3,
        "Training state: expected a next step >= 1. Received: 0.");
    refuses(
        new Position(4, -1, 1, Directive.STEP),
        ROWS,
        3,
        "Training state: expected an epoch >= 0. Received: -1.");
    refuses(
        new Position(4, 1, -2, Directive.STEP),
        ROWS,
        3,
        "Training state: expected a step of the epoch >= 0. Received: -2.");
    refuses(
        at(Directive.STEP),
        List.of(7L, -5L),
        3,
        "Training state: expected rows >= 0 of a shard. Received: -5.");
    refuses(
        at(Directive.STEP),
        ROWS,
        4,
        "Training state: expected an optimizer with 3 steps, those before step 4. Received: 4.");
  }

  private static void refuses(Position position, List<Long> rows, long steps, String message) {
    assertThatThrownBy(
            () ->
                new TrainingState(
                    position, rows, RUNNING, Weights.of(1), new OptimizerMemory(steps, slots(1))))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static TrainingState state(Weights weights, ByteBuffer slots) {
    return new TrainingState(
        at(Directive.STEP), ROWS, RUNNING, weights, new OptimizerMemory(3, slots));
  }

  private static TrainingState finishedAfterTwoEpochs() {
    return new TrainingState(
        new Position(9, 1, 4, Directive.STOP),
        ROWS,
        RunningEpoch.NONE,
        Weights.of(1),
        new OptimizerMemory(8, slots(1)));
  }

  private static Position at(Directive directive) {
    return new Position(4, 1, 1, directive);
  }

  private static ByteBuffer slots(float... values) {
    return Weights.of(values).buffer();
  }
}
