package dev.fovea.core.exchange;

import dev.fovea.core.tensor.StepSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Gathers the evaluations of some ranks, then starts over. Guarded by the endpoint's lock. */
final class EvaluationRound {
  private final List<Integer> ranks;
  private final StepSums[] sums;
  private final List<Answer<Position>> waiting = new ArrayList<>();

  /**
   * @param ranks whose evaluations it adds, in this order
   */
  EvaluationRound(List<Integer> ranks) {
    this.ranks = ranks;
    this.sums = new StepSums[ranks.size()];
  }

  /**
   * Takes the sums of a rank; a second time replaces them.
   *
   * @return true for the one that completes the round
   */
  boolean add(Evaluation evaluation, Answer<Position> answer) {
    int place = ranks.indexOf(evaluation.rank());
    boolean isNew = sums[place] == null;
    sums[place] = evaluation.sums();
    waiting.add(answer);
    return isNew && Arrays.stream(sums).allMatch(Objects::nonNull);
  }

  /** The sums of all ranks, added in rank order. */
  StepSums sums() {
    return Arrays.stream(sums).reduce(StepSums.ZERO, StepSums::plus);
  }

  /** The answers that ranks wait for; the round is over. */
  List<Answer<Position>> takeWaiting() {
    List<Answer<Position>> taken = List.copyOf(waiting);
    waiting.clear();
    Arrays.fill(sums, null);
    return taken;
  }
}
