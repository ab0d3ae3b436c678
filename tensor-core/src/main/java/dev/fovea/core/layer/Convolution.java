package dev.fovea.core.layer;

import dev.fovea.core.text.UnexpectedValueException;
import java.util.Locale;

/** How a convolution is computed. The function is the same; rounding and speed differ. */
public enum Convolution {
  /** Winograd where it is possible and faster, else direct. */
  AUTO,
  /** The products of src and weight as they stand. */
  DIRECT,
  /**
   * Winograd's minimal filtering, with fewer multiplications: kernel 3 or 5, stride, dilation and
   * groups 1. Within 5e-6 of direct relative to the largest result.
   *
   * <p>Source: Lavin and Gray, Fast algorithms for convolutional neural networks (2016).
   */
  WINOGRAD;

  /** The name in network text, for example {@code auto}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException for an unknown name
   */
  public static Convolution parse(String text) {
    for (Convolution convolution : values()) {
      if (convolution.text().equals(text)) {
        return convolution;
      }
    }
    throw new UnexpectedValueException("one of auto, direct, winograd", "'" + text + "'");
  }

  @Override
  public String toString() {
    return text();
  }
}
