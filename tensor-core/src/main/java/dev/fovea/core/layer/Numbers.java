package dev.fovea.core.layer;

import dev.fovea.core.text.NumberText;
import dev.fovea.core.text.UnexpectedValueException;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** One number, or one per channel: written {@code 0.5} or {@code 0.485,0.456,0.406}. Immutable. */
public final class Numbers {
  private final double[] values;

  private Numbers(double[] values) {
    this.values = values;
  }

  public static Numbers of(double... values) {
    return new Numbers(values.clone());
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException unless the text is finite numbers, separated by commas
   */
  public static Numbers parse(String text) {
    String[] parts = text.split(",", -1);
    double[] values = new double[parts.length];
    for (int i = 0; i < parts.length; i++) {
      OptionalDouble value = NumberText.parseDouble(parts[i]);
      if (value.isEmpty()) {
        throw new UnexpectedValueException("finite numbers, separated by commas", text);
      }
      values[i] = value.getAsDouble();
    }
    return new Numbers(values);
  }

  /** A copy of the numbers. */
  public double[] toArray() {
    return values.clone();
  }

  /** The form in network text. */
  public String text() {
    return Arrays.stream(values).mapToObj(NumberText::print).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return text();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbers numbers && Arrays.equals(values, numbers.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }
}
