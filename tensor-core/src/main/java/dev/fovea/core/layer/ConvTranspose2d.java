package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * A convolution run backwards, as autoencoders and segmentation use it to make images larger: each
 * pixel adds its weighted copies of a window to the output, windows SH and SW apart:
 *
 * <pre>
 * dst[n, ih * SH - top + kh * DH, iw * SW - left + kw * DW, oc] += src[n, ih, iw, ic] * weight[kh, kw, oc, ic]
 * </pre>
 *
 * summed over ih, iw, kh, kw and ic where that is a pixel of dst, and then + bias[oc].
 *
 * <p>Shapes: input {@code [N, IH, IW, IC]}; output {@code [N, OH, OW, OC]} with OC = filters and,
 * at {@code padding=same}, OH = IH * SH; else OH = (IH - 1) * SH - top - bottom + DH * (KH - 1) + 1
 * + outputPadding; OW likewise; each 1 to 65535. Parameters: {@code weight [KH, KW, OC / groups,
 * IC]}, {@code bias [OC]}. PyTorch's weight is {@code [IC, OC / groups, KH, KW]}; {@code permute(2,
 * 3, 1, 0)} makes it this one.
 *
 * <p>With the same kernel, stride, padding and dilation it undoes the change of size that {@link
 * Conv2d} makes; where several sizes have become one, {@code outputPadding} chooses.
 *
 * <p>Source: Zeiler, Krishnan, Taylor, Fergus, Deconvolutional networks (2010); Dumoulin and Visin,
 * A guide to convolution arithmetic for deep learning (2016), chapter 4.
 *
 * @param filters channels of the output, > 0, a multiple of {@code groups}
 * @param kernel height and width of the window in taps, each > 0
 * @param stride distance between windows in pixels of the output, each > 0
 * @param padding what is cut off the output's border, in pixels
 * @param outputPadding rows and columns more at the bottom and right, >= 0, less than stride or
 *     dilation; 0 at {@code padding=same}. To choose for each side, cut less off there with {@code
 *     padding} instead
 * @param dilation distance between taps in pixels, each > 0; 1 for a window without gaps
 * @param groups runs of channels that do not see each other, > 0; divides IC and filters
 * @param bias whether a learned number is added to each output channel; not needed before BatchNorm
 */
public record ConvTranspose2d(
    @Range(above = 0) int filters,
    Size2d kernel,
    @Default("1") Size2d stride,
    @Default("valid") Padding padding,
    @Default("0") @Range(from = 0) int outputPadding,
    @Default("1") Size2d dilation,
    @Default("1") @Range(above = 0) int groups,
    @Default("true") boolean bias)
    implements ParametricLayer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public ConvTranspose2d {
    RecordText.check(
        ConvTranspose2d.class,
        filters,
        kernel,
        stride,
        padding,
        outputPadding,
        dilation,
        groups,
        bias);
  }

  /** A square window. */
  public ConvTranspose2d(int filters, int kernel, int stride, Padding padding) {
    this(filters, Size2d.of(kernel), Size2d.of(stride), padding, 0, Size2d.of(1), 1, true);
  }
}
