package dev.fovea.core.exchange;

/**
 * Where a training stands. The driver decides it; ranks get it with every complete set of weights.
 *
 * @param step number of the next step, from 1
 * @param epoch number of the epoch, from 0
 * @param stepOfEpoch steps of this epoch that are done
 * @param directive what comes next
 */
public record Position(long step, long epoch, int stepOfEpoch, Directive directive) {
  /** Before the first step. */
  public static Position first() {
    return new Position(1, 0, 0, Directive.STEP);
  }

  /** The same place, with another thing to do there. */
  public Position with(Directive other) {
    return new Position(step, epoch, stepOfEpoch, other);
  }

  /** After the step of this position, which is not the last of its epoch or is to be evaluated. */
  Position afterStep(Directive next) {
    return new Position(step + 1, epoch, stepOfEpoch + 1, next);
  }

  /** The first step of the epoch after this one. */
  Position nextEpoch(Directive next) {
    return new Position(step, epoch + 1, 0, next);
  }
}
