package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * A weighted sum of all inputs for each unit: dst = src * weight + bias.
 *
 * <p>Shapes: input {@code [N, ...]}, read as {@code [N, IC]}; output {@code [N, OC]} with OC =
 * units. Parameters: {@code weight [IC, OC]}, {@code bias [OC]}.
 *
 * @param units outputs of one row, > 0
 * @param bias whether a learned number is added to each output
 */
public record Dense(@Range(above = 0) int units, @Default("true") boolean bias)
    implements ParametricLayer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if {@code units} is not positive
   */
  public Dense {
    RecordText.check(Dense.class, units, bias);
  }

  public Dense(int units) {
    this(units, true);
  }
}
