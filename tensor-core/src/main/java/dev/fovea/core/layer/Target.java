package dev.fovea.core.layer;

import dev.fovea.core.tensor.Shape;
import dev.fovea.core.text.Default;
import dev.fovea.core.text.RecordText;

/**
 * What a row should give: a field of floats that only losses read. A class is its number, from 0.
 *
 * <p>Shapes: no source; output {@code [N, shape]}. Reads the rows of training and evaluation;
 * prediction needs none. Learns nothing.
 *
 * @param shape sizes of one row's field, each > 0
 */
public record Target(@Default("1") Shape shape) implements FieldLayer {

  public Target {
    RecordText.check(Target.class, shape);
  }

  /** One number a row, such as a class. */
  public Target() {
    this(Shape.of(1));
  }
}
