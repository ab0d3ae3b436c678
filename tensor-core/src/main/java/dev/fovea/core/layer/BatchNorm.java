package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * Each channel brought to mean 0 and deviation 1, then scaled and shifted as learned: dst = gamma *
 * (src - mean) / sqrt(variance + epsilon) + beta.
 *
 * <p>Shapes: input {@code [N, ..., C]}; output the same. Parameters: {@code gamma [C]}, {@code beta
 * [C]}; statistics, which are running averages: {@code mean [C]}, {@code variance [C]}.
 *
 * <p>In training, mean and variance are those of a group of {@code normalizationRows} consecutive
 * rows of the step: the same numbers on one lane or many, on one executor or many. Otherwise they
 * are the statistics, running = (1 - momentum) * running + momentum * (mean over the groups of a
 * step).
 *
 * <p>Source: Ioffe and Szegedy, Batch normalization (2015); groups: Hoffer et al., Train longer,
 * generalize better (2017), section 4.
 *
 * @param momentum share of a step in the running averages, >= 0 and < 1
 * @param epsilon added to the variance, in squared units of the input, > 0
 * @param normalizationRows rows of a group, > 0; 32 suits most networks
 */
public record BatchNorm(
    @Default("0.1") @Range(from = 0, below = 1) double momentum,
    @Default("1e-05") @Range(above = 0) double epsilon,
    @Default("32") @Range(above = 0) int normalizationRows)
    implements ParametricLayer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public BatchNorm {
    RecordText.check(BatchNorm.class, momentum, epsilon, normalizationRows);
  }

  public BatchNorm(double momentum, double epsilon) {
    this(momentum, epsilon, 32);
  }

  public BatchNorm() {
    this(0.1, 1e-5);
  }
}
