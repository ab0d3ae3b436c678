package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.RecordText;

/**
 * The mean of each window, channel by channel. The border does not count: a window that reaches
 * over it is divided by its pixels inside the image.
 *
 * <p>Shapes: input {@code [N, IH, IW, C]}; output {@code [N, OH, OW, C]} with OH = ceil(IH / SH) at
 * {@code padding=same}, else OH = floor((IH + top + bottom - KH) / SH) + 1; OW likewise. Learns
 * nothing.
 *
 * <p>Source: LeCun et al., Gradient-based learning applied to document recognition (1998), section
 * II.B, without its trained coefficient.
 *
 * @param kernel height and width of the window in pixels, each > 0
 * @param stride distance between windows in pixels, each > 0
 * @param padding the border in pixels, smaller than the window
 */
public record AveragePool2d(Size2d kernel, Size2d stride, @Default("valid") Padding padding)
    implements Layer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if {@code kernel} or {@code stride} is not positive
   */
  public AveragePool2d {
    RecordText.check(AveragePool2d.class, kernel, stride, padding);
  }

  /** Square windows inside the image. */
  public AveragePool2d(int kernel, int stride) {
    this(Size2d.of(kernel), Size2d.of(stride), Padding.VALID);
  }
}
