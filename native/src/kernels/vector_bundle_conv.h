#pragma once

#include "kernels/kernels.h"
#include "kernels/vector_pooling.h"

/// Convolution of a bundle. The lanes of a vector are images, so that few channels fill vectors as
/// well as many do, and every pixel of dst is a small product of matrices for itself: its filters
/// are the rows of a tile of registers, the images its columns, and the taps inside the image are
/// summed. Taps outside are left out, so nothing is ever copied between zeros.
namespace fovea {

/// Taps inside the image along one axis, of a window with dilation whose tap 0 is at `start`.
template <class Target>
FOVEA_INLINE Taps DilatedTapsInside(int64_t start, int64_t size, int64_t dilation, int64_t extent) {
  const int64_t before = start < 0 ? (-start + dilation - 1) / dilation : 0;
  const int64_t fitting = extent > start ? (extent - 1 - start) / dilation + 1 : 0;
  const int64_t last = fitting < size ? fitting : size;
  return {before < last ? before : last, last};
}

/// A run of neighbouring pixels of one row of dst whose windows have the same taps in the image.
/// Where the taps of a row of the window lie side by side they are one tap of more channels.
struct BundleRun {
  int64_t first, pixels;  ///< ow
  Taps rows, cols;        ///< kh and kw
  int64_t taps, depth;    ///< of a row of the window
};

/// Calls function(run) for the runs of row `oh` from left to right.
template <class Target, typename Function>
FOVEA_INLINE void BundleRuns(const BundleWindow& w, int64_t oh, Function function) {
  const Taps rows = DilatedTapsInside<Target>(oh * w.sh - w.top, w.kh, w.dh, w.ih);
  for (int64_t ow = 0; ow < w.ow;) {
    const Taps cols = DilatedTapsInside<Target>(ow * w.sw - w.left, w.kw, w.dw, w.iw);
    int64_t end = ow + 1;
    for (; end < w.ow; ++end) {
      const Taps next = DilatedTapsInside<Target>(end * w.sw - w.left, w.kw, w.dw, w.iw);
      if (next.first != cols.first || next.last != cols.last) break;
    }
    const int64_t count = cols.last - cols.first;
    const bool joined = w.dw == 1;
    function(BundleRun{ow, end - ow, rows, cols, joined ? 1 : count, joined ? count * w.ic : w.ic});
    ow = end;
  }
}

/// Pixels of a run for one tile of filters; all pointers and distances in floats.
struct BundleTileArgs {
  int64_t pixels, rows, taps, depth;
  const float* src;  ///< first tap of the first pixel
  int64_t src_row, src_tap, src_pixel;
  const float* weights;  ///< first tap, first filter of the tile
  int64_t weights_row, weights_tap, weights_depth;
  const float* bias;  ///< of the first filter of the tile; null: none
  bool relu;
  float* dst;
  int64_t dst_pixel;
};

/// kPixels pixels at a time. Not inlined: the registers are all taken.
template <class Target, int kFilters, int kPixels>
__attribute__((noinline)) void BundleTile(const BundleTileArgs& args) {
  constexpr int kWidth = Target::kWidth;
  const float* pixel_src = args.src;
  float* dst = args.dst;
  for (int64_t pixel = 0; pixel < args.pixels; pixel += kPixels) {
    Vector<Target> c[kFilters][2 * kPixels] = {};
    for (int64_t y = 0; y < args.rows; ++y) {
      for (int64_t x = 0; x < args.taps; ++x) {
        const float* src = pixel_src + y * args.src_row + x * args.src_tap;
        const float* weights = args.weights + y * args.weights_row + x * args.weights_tap;
        for (int64_t k = 0; k < args.depth; ++k) {
          Vector<Target> s[2 * kPixels];
#pragma GCC unroll 8
          for (int j = 0; j < 2 * kPixels; ++j) {
            s[j] = Load<Target>(src + j / 2 * args.src_pixel + j % 2 * kWidth);
          }
#pragma GCC unroll 16
          for (int i = 0; i < kFilters; ++i) {
            const Vector<Target> weight = Splat<Target>(weights[i]);
#pragma GCC unroll 8
            for (int j = 0; j < 2 * kPixels; ++j) c[i][j] += weight * s[j];
          }
          src += 2 * kWidth;
          weights += args.weights_depth;
        }
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < kFilters; ++i) {
#pragma GCC unroll 8
      for (int j = 0; j < 2 * kPixels; ++j) {
        Vector<Target> v = c[i][j];
        if (args.bias) v += Splat<Target>(args.bias[i]);
        if (args.relu) v = Relu<Target>(v);
        Store<Target>(dst + j / 2 * args.dst_pixel + (i * 2 + j % 2) * kWidth, v);
      }
    }
    pixel_src += kPixels * args.src_pixel;
    dst += kPixels * args.dst_pixel;
  }
}

/// Few filters leave registers free for more pixels, which the latency of the multiply-add needs.
template <int kFilters>
inline constexpr int kBundlePixels = kFilters >= 4   ? 1
                                     : kFilters >= 2 ? 2
                                                     : 4;

/// Calls the tile for a number of filters known at run time, 1 to kFilters.
template <class Target, int kFilters>
FOVEA_INLINE void BundleFilters(int64_t filters, BundleTileArgs args) {
  if constexpr (kFilters > 1) {
    if (filters < kFilters) return BundleFilters<Target, kFilters - 1>(filters, args);
  }
  constexpr int kPixels = kBundlePixels<kFilters>;
  if constexpr (kPixels > 1) {
    const int64_t pixels = args.pixels;
    args.pixels = pixels / kPixels * kPixels;
    BundleTile<Target, kFilters, kPixels>(args);
    args.src += args.pixels * args.src_pixel;
    args.dst += args.pixels * args.dst_pixel;
    args.pixels = pixels - args.pixels;
  }
  BundleTile<Target, kFilters, 1>(args);
}

template <class Target>
void VectorBundleConv(const BundleConvArgs<float>& args) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  const BundleWindow& w = args.window;
  const int64_t tiles = (w.oc + Target::kTileRows - 1) / Target::kTileRows;
  for (int64_t oh = 0; oh < w.oh; ++oh) {
    BundleRuns<Target>(w, oh, [&](const BundleRun& run) {
      const int64_t y = oh * w.sh - w.top + run.rows.first * w.dh;
      const int64_t x = run.first * w.sw - w.left + run.cols.first * w.dw;
      BundleTileArgs tile = {
          .pixels = run.pixels,
          .rows = run.rows.last - run.rows.first,
          .taps = run.taps,
          .depth = run.depth,
          .src = args.src + (y * w.iw + x) * w.ic * kPanel,
          .src_row = w.dh * w.iw * w.ic * kPanel,
          .src_tap = w.dw * w.ic * kPanel,
          .src_pixel = w.sw * w.ic * kPanel,
          .weights = args.weights + (run.rows.first * w.kw + run.cols.first) * w.ic * w.oc,
          .weights_row = w.kw * w.ic * w.oc,
          .weights_tap = w.ic * w.oc,
          .weights_depth = w.oc,
          .bias = args.bias,
          .relu = args.relu,
          .dst = args.dst + oh * args.dst_row + run.first * args.dst_col,
          .dst_pixel = args.dst_col};
      for (int64_t i = 0; i < tiles; ++i) {
        const int64_t filters = w.oc * (i + 1) / tiles - w.oc * i / tiles;
        BundleFilters<Target, Target::kTileRows>(filters, tile);
        tile.weights += filters;
        tile.dst += filters * kPanel;
        if (tile.bias) tile.bias += filters;
      }
    });
  }
}

}  // namespace fovea
