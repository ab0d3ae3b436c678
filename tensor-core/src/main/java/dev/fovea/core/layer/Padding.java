package dev.fovea.core.layer;

import dev.fovea.core.text.NumberText;
import dev.fovea.core.text.UnexpectedValueException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The border that a window may reach over: {@code same}, {@code valid}, or pixels, written {@code
 * 1}, {@code 1,2} (height, width) or {@code 0,1,0,1} (top, bottom, left, right). Immutable.
 */
public final class Padding {
  /**
   * As much as gives OH = ceil(IH / SH) and OW = ceil(IW / SW). The extra pixel of an odd total
   * goes to the bottom or right, as in TensorFlow.
   */
  public static final Padding SAME = new Padding("same");

  /** No border: windows stay inside the image. */
  public static final Padding VALID = new Padding("valid");

  /** Far beyond use, and small enough that no size overflows. */
  private static final int LARGEST = 32767;

  private final String text;

  private Padding(String text) {
    this.text = text;
  }

  /** The same number of pixels on every side. */
  public static Padding of(int pixels) {
    return of(pixels, pixels, pixels, pixels);
  }

  /** {@code height} pixels at top and bottom, {@code width} at left and right. */
  public static Padding of(int height, int width) {
    return of(height, height, width, width);
  }

  /**
   * Pixels on each side, each 0 to 32767; checked by the layer that takes it, which knows the
   * attribute's name.
   */
  public static Padding of(int top, int bottom, int left, int right) {
    if (top != bottom || left != right) {
      return new Padding(join(top, bottom, left, right));
    }
    return new Padding(top == left ? Integer.toString(top) : join(top, left));
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException for text of another form
   */
  public static Padding parse(String text) {
    if (text.equals(SAME.text)) {
      return SAME;
    }
    if (text.equals(VALID.text)) {
      return VALID;
    }
    List<OptionalInt> pixels =
        Arrays.stream(text.split(",", -1)).map(NumberText::parseInt).collect(Collectors.toList());
    boolean known = List.of(1, 2, 4).contains(pixels.size());
    if (!known || !pixels.stream().allMatch(Padding::inRange)) {
      throw new UnexpectedValueException(
          "same, valid, or 1, 2 or 4 integers from 0 to " + LARGEST, "'" + text + "'");
    }
    int[] sides = pixels.stream().mapToInt(OptionalInt::getAsInt).toArray();
    return switch (sides.length) {
      case 1 -> of(sides[0]);
      case 2 -> of(sides[0], sides[1]);
      default -> of(sides[0], sides[1], sides[2], sides[3]);
    };
  }

  /** The shortest form in network text. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Padding padding && text.equals(padding.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  private static boolean inRange(OptionalInt pixels) {
    return pixels.isPresent() && pixels.getAsInt() >= 0 && pixels.getAsInt() <= LARGEST;
  }

  private static String join(Integer... pixels) {
    return Stream.of(pixels).map(Object::toString).collect(Collectors.joining(","));
  }
}
