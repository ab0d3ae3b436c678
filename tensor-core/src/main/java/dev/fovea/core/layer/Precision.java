package dev.fovea.core.layer;

import dev.fovea.core.text.UnexpectedValueException;
import java.util.Locale;

/**
 * What a layer multiplies. Weights, sums, gradients and everything that goes from layer to layer
 * are float32 in both.
 */
public enum Precision {
  /** The numbers as they are. */
  FLOAT32,
  /**
   * The numbers rounded to bfloat16: the range of float32, 8 bits of precision instead of 24. CPUs
   * with AVX-512 BF16 (target {@code avx512bf16}) multiply twice as many of them at a time; others
   * round in software, which is slower than float32 and gives the same results up to the order of
   * additions. Winograd's products, which rounding would spoil, stay float32, and so do depthwise
   * convolutions, and layers of so few channels that they run in bundles.
   *
   * <p>Source: Kalamkar et al., A study of BFLOAT16 for deep learning training (2019).
   */
  BFLOAT16;

  /** The name in network text, for example {@code bfloat16}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException for an unknown name
   */
  public static Precision parse(String text) {
    for (Precision precision : values()) {
      if (precision.text().equals(text)) {
        return precision;
      }
    }
    throw new UnexpectedValueException("one of float32, bfloat16", "'" + text + "'");
  }

  @Override
  public String toString() {
    return text();
  }
}
