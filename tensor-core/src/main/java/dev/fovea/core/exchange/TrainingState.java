package dev.fovea.core.exchange;

import dev.fovea.core.optimizer.OptimizerMemory;
import dev.fovea.core.tensor.Weights;
import java.util.List;

/**
 * A training between two steps: all that is needed to go on from there, bit for bit, with the same
 * network, optimizer, seed, batch size and rows. A view of the memory it was made with; {@link
 * #copy()} makes one that stays.
 *
 * @param position the next step, with {@link Directive#STEP}; or {@link Directive#STOP} after the
 *     last one
 * @param rowsOfShards training rows of each shard; none where they are not known yet
 * @param running what is done of the epoch of the position
 * @param weights those that the next step begins with
 * @param optimizer after the step before the position
 */
public record TrainingState(
    Position position,
    List<Long> rowsOfShards,
    RunningEpoch running,
    Weights weights,
    OptimizerMemory optimizer) {
  public TrainingState {
    if (position.directive() != Directive.STEP && position.directive() != Directive.STOP) {
      throw new IllegalArgumentException(
          "Training state: expected a position with STEP or STOP. Received: "
              + position.directive()
              + ".");
    }
    requireCount("a next step >= 1", position.step() - 1, position.step());
    requireCount("an epoch >= 0", position.epoch(), position.epoch());
    requireCount("a step of the epoch >= 0", position.stepOfEpoch(), position.stepOfEpoch());
    rowsOfShards = List.copyOf(rowsOfShards);
    for (long rows : rowsOfShards) {
      requireCount("rows >= 0 of a shard", rows, rows);
    }
    if (optimizer.steps() != position.step() - 1) {
      throw new IllegalArgumentException(
          "Training state: expected an optimizer with %d steps, those before step %d. Received: %d."
              .formatted(position.step() - 1, position.step(), optimizer.steps()));
    }
  }

  /** Steps that are done. */
  public long steps() {
    return position.step() - 1;
  }

  /** True after the last step. */
  public boolean isFinished() {
    return position.directive() == Directive.STOP;
  }

  /** A copy in memory of its own. */
  public TrainingState copy() {
    return new TrainingState(position, rowsOfShards, running, weights.copy(), optimizer.copy());
  }

  /**
   * A copy in the memory of another copy of this training's state, which must not be used from now
   * on: two runs over memory, and nothing to allot.
   */
  public TrainingState copyInto(TrainingState spare) {
    spare.weights.copyFrom(weights);
    return new TrainingState(
        position, rowsOfShards, running, spare.weights, optimizer.copyTo(spare.optimizer.slots()));
  }

  /**
   * The same state in a training of so many epochs: one that was finished goes on if there are
   * more, one that has done as many is finished.
   */
  public TrainingState forEpochs(long maxEpochs) {
    Position at = position;
    if (isFinished() && position.epoch() + 1 < maxEpochs) {
      at = position.nextEpoch(Directive.STEP);
    } else if (position.epoch() >= maxEpochs) {
      at = position.with(Directive.STOP);
    }
    return new TrainingState(at, rowsOfShards, running, weights, optimizer);
  }

  private static void requireCount(String expected, long count, long received) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "Training state: expected %s. Received: %d.".formatted(expected, received));
    }
  }
}
