package dev.fovea.core.layer;

import dev.fovea.core.text.NumberText;
import dev.fovea.core.text.UnexpectedValueException;
import java.util.OptionalInt;

/**
 * Height and width of a window, a stride or a dilation: written {@code 3} or {@code 3,5}. The layer
 * that takes it checks that both are positive, since it knows the attribute's name.
 */
public record Size2d(int height, int width) {

  /** A square. */
  public static Size2d of(int side) {
    return new Size2d(side, side);
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException unless the text is one or two integers > 0
   */
  public static Size2d parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length == 1) {
      int side = positive(text, "an integer > 0", text);
      return new Size2d(side, side);
    }
    String expected = "two integers > 0, height,width";
    if (parts.length != 2) {
      throw new UnexpectedValueException(expected, text);
    }
    return new Size2d(positive(parts[0], expected, text), positive(parts[1], expected, text));
  }

  /** The form in network text. */
  public String text() {
    return height == width ? Integer.toString(height) : height + "," + width;
  }

  private static int positive(String part, String expected, String text) {
    OptionalInt number = NumberText.parseInt(part);
    if (number.isEmpty() || number.getAsInt() <= 0) {
      throw new UnexpectedValueException(expected, text);
    }
    return number.getAsInt();
  }
}
