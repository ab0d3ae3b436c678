package dev.fovea.core.tensor;

import dev.fovea.core.text.NumberText;
import dev.fovea.core.text.UnexpectedValueException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Sizes of the dimensions of one row, outermost first; images are {@code [H, W, C]}. The number of
 * rows is kept apart.
 */
public final class Shape {
  private final int[] sizes;

  private Shape(int[] sizes) {
    this.sizes = sizes;
  }

  /**
   * A shape of these sizes.
   *
   * @param sizes each > 0; none for a single number
   * @throws IllegalArgumentException if a size is not positive
   */
  public static Shape of(int... sizes) {
    Shape shape = new Shape(sizes.clone());
    if (Arrays.stream(sizes).anyMatch(size -> size <= 0)) {
      throw new IllegalArgumentException(
          "Shape: expected sizes > 0. Received: " + shape.text() + ".");
    }
    return shape;
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException unless the text is integers > 0, separated by commas
   */
  public static Shape parse(String text) {
    String[] parts = text.split(",", -1);
    int[] sizes = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      OptionalInt size = NumberText.parseInt(parts[i]);
      if (size.isEmpty() || size.getAsInt() <= 0) {
        throw new UnexpectedValueException("integers > 0, separated by commas", text);
      }
      sizes[i] = size.getAsInt();
    }
    return new Shape(sizes);
  }

  /** Elements in a tensor of this shape; 1 for the empty shape. */
  public long size() {
    long size = 1;
    for (int extent : sizes) {
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  /** Number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** The size of one dimension, 0 being the outermost. */
  public int size(int dimension) {
    return sizes[dimension];
  }

  /** A copy of the sizes. */
  public int[] toArray() {
    return sizes.clone();
  }

  /** The form in network text, for example {@code 28,28,1}. */
  public String text() {
    return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  /** The form in messages, for example {@code [28, 28, 1]}. */
  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }
}
