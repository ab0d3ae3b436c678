package dev.fovea.core.layer;

import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.text.AttributeException;
import dev.fovea.core.text.Default;
import dev.fovea.core.text.RecordText;
import java.util.Arrays;

/**
 * A field of each row, normalised: dst = (src - mean) / std.
 *
 * <p>Shapes: no source; output {@code [N, shape]}; an image is {@code [H, W, C]}, channels last.
 * Reads the rows. Learns nothing.
 *
 * <p>Bytes stay bytes until here: {@code dtype=uint8} takes a quarter of the memory of floats in
 * the arena of an executor, and the normalisation is part of reading them.
 *
 * @param shape sizes of one row's field, each > 0
 * @param dtype how the field is stored in the record: {@code uint8} (0 to 255) or {@code float32}
 * @param mean subtracted, in units of the stored values: one number, or one per channel
 * @param std divided by, in units of the stored values, > 0: one number, or one per channel
 */
public record Input(
    Shape shape,
    @Default("float32") DataType dtype,
    @Default("0") Numbers mean,
    @Default("1") Numbers std)
    implements FieldLayer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if a size or {@code std} is not positive
   */
  public Input {
    RecordText.check(Input.class, shape, dtype, mean, std);
    if (Arrays.stream(std.toArray()).anyMatch(each -> each <= 0)) {
      throw new AttributeException(Input.class, "std", "numbers > 0", std.text());
    }
  }

  /** Floats, as they are. */
  public Input(int... shape) {
    this(Shape.of(shape), DataType.FLOAT32, Numbers.of(0), Numbers.of(1));
  }
}
