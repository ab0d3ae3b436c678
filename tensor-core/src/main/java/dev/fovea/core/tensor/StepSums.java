package dev.fovea.core.tensor;

/**
 * Sums over rows, each row counted with its weight.
 *
 * @param weight sum of the row weights; the number of rows where every weight is 1
 * @param loss sum of weight * loss
 * @param correct sum of the weights of the rows predicted right
 */
public record StepSums(double weight, double loss, double correct) {
  public static final StepSums ZERO = new StepSums(0, 0, 0);

  public StepSums plus(StepSums other) {
    return new StepSums(weight + other.weight, loss + other.loss, correct + other.correct);
  }

  /** Mean loss over the rows; NaN without rows. */
  public double meanLoss() {
    return loss / weight;
  }

  /** Share of the rows predicted right, 0 to 1; NaN without rows. */
  public double accuracy() {
    return correct / weight;
  }
}
