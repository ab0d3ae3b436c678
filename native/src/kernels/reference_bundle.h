#pragma once

#include <cstdint>

#include "kernels/kernels.h"
#include "kernels/kernels_targets.h"
#include "kernels/reference_elementwise.h"

/// The reference kernels that make bundles and convolve them; part of kernels_reference.cc.
namespace fovea {
namespace {

constexpr int64_t kPanel = kReferencePanel;

template <typename T>
void Interleave(int64_t rows, int64_t size, const T* src, T* dst) {
  for (int64_t e = 0; e < size; ++e) {
    for (int64_t r = 0; r < kPanel; ++r) dst[e * kPanel + r] = r < rows ? src[r * size + e] : T(0);
  }
}

template <typename T>
void Deinterleave(int64_t rows, int64_t size, const T* src, T* dst) {
  for (int64_t e = 0; e < size; ++e) {
    for (int64_t r = 0; r < rows; ++r) dst[r * size + e] = src[e * kPanel + r];
  }
}

/// Calls function(kh, kw, pixel) for the taps of window (oh, ow) that lie in the image, in order.
template <typename Function>
void ForTaps(const BundleWindow& w, int64_t oh, int64_t ow, Function function) {
  for (int64_t kh = 0; kh < w.kh; ++kh) {
    for (int64_t kw = 0; kw < w.kw; ++kw) {
      const int64_t y = oh * w.sh - w.top + kh * w.dh;
      const int64_t x = ow * w.sw - w.left + kw * w.dw;
      if (y >= 0 && y < w.ih && x >= 0 && x < w.iw) function(kh, kw, y * w.iw + x);
    }
  }
}

template <typename T>
void BundleConv(const BundleConvArgs<T>& args) {
  const BundleWindow& w = args.window;
  for (int64_t oh = 0; oh < w.oh; ++oh) {
    for (int64_t ow = 0; ow < w.ow; ++ow) {
      T* dst = args.dst + oh * args.dst_row + ow * args.dst_col;
      for (int64_t i = 0; i < w.oc * kPanel; ++i) {
        const int64_t oc = i / kPanel;
        T sum = 0;
        ForTaps(w, oh, ow, [&](int64_t kh, int64_t kw, int64_t pixel) {
          for (int64_t ic = 0; ic < w.ic; ++ic) {
            sum += args.weights[((kh * w.kw + kw) * w.ic + ic) * w.oc + oc] *
                   args.src[(pixel * w.ic + ic) * kPanel + i % kPanel];
          }
        });
        if (args.bias) sum += args.bias[oc];
        dst[i] = args.relu ? Relu(sum) : sum;
      }
    }
  }
}

template <typename T>
void BundleConvWeights(const BundleConvWeightsArgs<T>& args) {
  const BundleWindow& w = args.window;
  const T* src = args.src;
  const T* diff_dst = args.diff_dst;
  for (int64_t bundle = 0; bundle < args.bundles; ++bundle) {
    for (int64_t oh = 0; oh < w.oh; ++oh) {
      for (int64_t ow = 0; ow < w.ow; ++ow, diff_dst += w.oc * kPanel) {
        ForTaps(w, oh, ow, [&](int64_t kh, int64_t kw, int64_t pixel) {
          for (int64_t i = 0; i < w.ic * w.oc * kPanel; ++i) {
            const int64_t ic = i / kPanel / w.oc, oc = i / kPanel % w.oc, r = i % kPanel;
            args.diff_weights[((kh * w.kw + kw) * w.ic + ic) * w.oc + oc] +=
                src[(pixel * w.ic + ic) * kPanel + r] * diff_dst[oc * kPanel + r];
          }
        });
        if (!args.diff_bias) continue;
        for (int64_t i = 0; i < w.oc * kPanel; ++i) args.diff_bias[i / kPanel] += diff_dst[i];
      }
    }
    src += w.ih * w.iw * w.ic * kPanel;
  }
}

}  // namespace
}  // namespace fovea
