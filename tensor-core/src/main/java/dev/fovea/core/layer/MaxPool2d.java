package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.RecordText;

/**
 * The largest value of each window, channel by channel. The border never wins.
 *
 * <p>Shapes: input {@code [N, IH, IW, C]}; output {@code [N, OH, OW, C]} with OH = ceil(IH / SH) at
 * {@code padding=same}, else OH = floor((IH + top + bottom - KH) / SH) + 1; OW likewise. Learns
 * nothing.
 *
 * <p>Ties: the gradient goes to the first maximum in row order. Not smooth where two values tie.
 *
 * <p>Use it to halve the resolution after a convolution. Source: Riesenhuber and Poggio,
 * Hierarchical models of object recognition in cortex (1999).
 *
 * @param kernel height and width of the window in pixels, each > 0; KH * KW <= 256
 * @param stride distance between windows in pixels, each > 0
 * @param padding the border in pixels, smaller than the window
 */
public record MaxPool2d(Size2d kernel, Size2d stride, @Default("valid") Padding padding)
    implements Layer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if {@code kernel} or {@code stride} is not positive
   */
  public MaxPool2d {
    RecordText.check(MaxPool2d.class, kernel, stride, padding);
  }

  /** Square windows inside the image. */
  public MaxPool2d(int kernel, int stride) {
    this(Size2d.of(kernel), Size2d.of(stride), Padding.VALID);
  }
}
