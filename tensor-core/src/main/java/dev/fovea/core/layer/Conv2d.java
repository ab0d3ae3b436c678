package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * A weighted sum over a window at each place of an image, the same weights at every place:
 *
 * <pre>
 * dst[n, oh, ow, oc] = bias[oc] + sum over kh, kw, ic of
 *     src[n, oh * SH - top + kh * DH, ow * SW - left + kw * DW, ic] * weight[kh, kw, ic, oc]
 * </pre>
 *
 * with zeros outside the image.
 *
 * <p>Shapes: input {@code [N, IH, IW, IC]}; output {@code [N, OH, OW, OC]} with OC = filters and,
 * at {@code padding=same}, OH = ceil(IH / SH); else OH = floor((IH + top + bottom - DH * (KH - 1) -
 * 1) / SH) + 1; OW likewise. Parameters: {@code weight [KH, KW, IC / groups, OC]}, {@code bias
 * [OC]}.
 *
 * <p>With groups, channels fall into {@code groups} equal runs, and a filter sees only the run of
 * its own group; {@code groups = IC} is a depthwise convolution.
 *
 * <p>Source: LeCun et al., Gradient-based learning applied to document recognition (1998), section
 * II; dilation: Yu and Koltun, Multi-scale context aggregation by dilated convolutions (2016);
 * groups: Krizhevsky et al., ImageNet classification with deep convolutional neural networks
 * (2012).
 *
 * @param filters channels of the output, > 0, a multiple of {@code groups}
 * @param kernel height and width of the window in taps, each > 0
 * @param stride distance between windows in pixels, each > 0
 * @param padding the border of zeros in pixels
 * @param dilation distance between taps in pixels, each > 0; 1 for a window without gaps
 * @param groups runs of channels that do not see each other, > 0; divides IC and filters
 * @param bias whether a learned number is added to each output channel; not needed before BatchNorm
 * @param convolution how it is computed; {@code winograd} takes kernel 3 or 5 with stride, dilation
 *     and groups 1
 */
public record Conv2d(
    @Range(above = 0) int filters,
    Size2d kernel,
    @Default("1") Size2d stride,
    @Default("same") Padding padding,
    @Default("1") Size2d dilation,
    @Default("1") @Range(above = 0) int groups,
    @Default("true") boolean bias,
    @Default("auto") Convolution convolution)
    implements ParametricLayer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if a number is not positive
   */
  public Conv2d {
    RecordText.check(
        Conv2d.class, filters, kernel, stride, padding, dilation, groups, bias, convolution);
  }

  /** A square window that keeps the size of the image. */
  public Conv2d(int filters, int kernel) {
    this(filters, kernel, 1, Padding.SAME);
  }

  public Conv2d(int filters, int kernel, int stride, Padding padding) {
    this(filters, Size2d.of(kernel), Size2d.of(stride), padding, Size2d.of(1), 1, true);
  }

  /** With {@link Convolution#AUTO}. */
  public Conv2d(
      int filters,
      Size2d kernel,
      Size2d stride,
      Padding padding,
      Size2d dilation,
      int groups,
      boolean bias) {
    this(filters, kernel, stride, padding, dilation, groups, bias, Convolution.AUTO);
  }
}
