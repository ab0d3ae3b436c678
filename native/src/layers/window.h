#pragma once

#include <cstdint>

#include "layers/attributes.h"
#include "layers/shape.h"

namespace fovea {

/// Windows of KH x KW pixels, DH and DW apart, that slide over an image by SH and SW:
/// pixel (kh, kw) of window (oh, ow) is the image's (oh * SH - top + kh * DH, ow * SW - left +
/// kw * DW); outside the image lies padding. OH = floor((IH + top + bottom - (KH - 1) * DH - 1) /
/// SH)
/// + 1, OW likewise.
///
/// Padding `same` makes OH = ceil(IH / SH) with as little padding as that takes; the odd pixel goes
/// to the bottom and right (TensorFlow's rule). `valid` is none. Numbers are `all`, `height,width`
/// or `top,bottom,left,right`.
struct Window {
  int64_t ih, iw, channels;
  int64_t oh, ow;
  int64_t kh, kw, sh, sw, dh, dw;
  int64_t top, bottom, left, right;

  bool padded() const { return top + bottom + left + right > 0; }
  int64_t padded_ih() const { return top + ih + bottom; }
  int64_t padded_iw() const { return left + iw + right; }
};

/// The window of a convolution, from attributes kernel, stride, padding and dilation.
/// `src` is [H, W, C]. Throws Error when no window fits.
Window ConvWindow(const Attributes& attributes, const Shape& src);

/// The window of the convolution that a transposed convolution of `src`, [H, W, C], runs backwards:
/// its image is what the transposed one makes, of `filters` channels, and its OH x OW are those of
/// src. From attributes kernel, stride, padding, outputPadding and dilation:
///   IH = (OH - 1) * SH + (KH - 1) * DH + 1 + outputPadding - top - bottom, and with padding `same`
///   IH = OH * SH.
/// Throws Error when that is not an image.
Window TransposedWindow(const Attributes& attributes, const Shape& src, int filters);

/// The window of a pool, from attributes kernel, stride and padding. Throws Error when no window
/// fits, or when one could hold padding only.
Window PoolWindow(const Attributes& attributes, const Shape& src);

}  // namespace fovea
