package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * In training, sets each element to 0 with probability {@code rate} and divides the others by (1 -
 * rate), so that the mean stays. Otherwise passes its input on.
 *
 * <p>Shapes: output as input. Learns nothing. What is dropped is a pure function of seed, step,
 * layer, row and element: the same on one lane or many.
 *
 * <p>Use it before wide Dense layers that overfit. Source: Srivastava et al., Dropout: a simple way
 * to prevent neural networks from overfitting (2014), section 10 for the scaling.
 *
 * @param rate share of the elements dropped, >= 0 and < 1
 */
public record Dropout(@Default("0.5") @Range(from = 0, below = 1) double rate) implements Layer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if {@code rate} is out of range
   */
  public Dropout {
    RecordText.check(Dropout.class, rate);
  }

  public Dropout() {
    this(0.5);
  }
}
