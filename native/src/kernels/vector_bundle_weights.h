#pragma once

#include "kernels/vector_bundle_conv.h"
#include "kernels/vector_transpose.h"

/// The gradient of the weights of a convolution of bundles. A tile of registers holds a vector of
/// sums, one a lane, for some inputs of a window (rows) and some filters (columns), while it meets
/// a strip of pixels; lanes are added up once, at the end.
namespace fovea {

/// src and diff_dst of a strip should stay in L1 while all tiles meet them.
inline constexpr int64_t kStripFloats = 8 * 1024;
/// A tile of fewer rows waits for its sums; then inputs and filters change places.
inline constexpr int64_t kEnoughRows = 4;

struct BundleSumsArgs {
  int64_t height, width;  ///< pixels
  const float* rows;      ///< of the first pixel: vectors side by side
  int64_t rows_y, rows_x;
  const float* cols;
  int64_t cols_y, cols_x;
  float* sums;  ///< of row i and column j at i * sums_row + j * sums_col: one vector
  int64_t sums_row, sums_col;
};

template <class Target, int kRows, int kCols>
__attribute__((noinline)) void BundleSums(const BundleSumsArgs& args) {
  constexpr int kWidth = Target::kWidth;
  const int64_t sums_row = args.sums_row, sums_col = args.sums_col;
  float* sums = args.sums;
  Vector<Target> c[kRows][kCols];
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < kCols; ++j) c[i][j] = Load<Target>(sums + i * sums_row + j * sums_col);
  }
  const int64_t height = args.height, width = args.width;
  const int64_t rows_x = args.rows_x, cols_x = args.cols_x;
  for (int64_t y = 0; y < height; ++y) {
    const float* rows = args.rows + y * args.rows_y;
    const float* cols = args.cols + y * args.cols_y;
    for (int64_t x = 0; x < width; ++x, rows += rows_x, cols += cols_x) {
#pragma GCC unroll 2
      for (int half = 0; half < 2; ++half) {
        Vector<Target> b[kCols];
#pragma GCC unroll 2
        for (int j = 0; j < kCols; ++j) b[j] = Load<Target>(cols + (j * 2 + half) * kWidth);
#pragma GCC unroll 16
        for (int i = 0; i < kRows; ++i) {
          const Vector<Target> a = Load<Target>(rows + (i * 2 + half) * kWidth);
          // Else GCC reads `a` from memory once for each column, and loads set the pace.
          asm volatile("" ::: "memory");
#pragma GCC unroll 2
          for (int j = 0; j < kCols; ++j) c[i][j] += a * b[j];
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < kCols; ++j) Store<Target>(sums + i * sums_row + j * sums_col, c[i][j]);
  }
}

/// Calls the tile for a number of rows known at run time, 1 to kRows.
template <class Target, int kRows, int kCols>
FOVEA_INLINE void BundleSumsOfRows(int64_t rows, const BundleSumsArgs& args) {
  if constexpr (kRows > 1) {
    if (rows < kRows) return BundleSumsOfRows<Target, kRows - 1, kCols>(rows, args);
  }
  BundleSums<Target, kRows, kCols>(args);
}

/// All tiles of `rows` rows and `cols` columns for a strip.
template <class Target>
void BundleSumsOf(int64_t rows, int64_t cols, const BundleSumsArgs& strip) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  const int64_t tiles = (rows + Target::kTileRows - 1) / Target::kTileRows;
  BundleSumsArgs args = strip;
  for (int64_t i = 0; i < tiles; ++i) {
    const int64_t height = rows * (i + 1) / tiles - rows * i / tiles;
    BundleSumsArgs tile = args;
    int64_t j = 0;
    for (; j + 2 <= cols; j += 2) {
      BundleSumsOfRows<Target, Target::kTileRows, 2>(height, tile);
      tile.cols += 2 * kPanel;
      tile.sums += 2 * tile.sums_col;
    }
    if (j < cols) BundleSumsOfRows<Target, Target::kTileRows, 1>(height, tile);
    args.rows += height * kPanel;
    args.sums += height * args.sums_row;
  }
}

/// Rows oh of dst, from `first` to before `last`, whose tap kh lies in the image.
template <class Target>
FOVEA_INLINE Taps RowsOfTap(const BundleWindow& w, int64_t kh, int64_t first, int64_t last) {
  const int64_t shift = w.top - kh * w.dh;  // ih = oh * SH - shift
  const int64_t from = shift > 0 ? (shift + w.sh - 1) / w.sh : 0;
  const int64_t to = w.ih + shift > 0 ? (w.ih - 1 + shift) / w.sh + 1 : 0;
  return {from > first ? from : first, to < last ? to : last};
}

/// Pixels of one bundle: rows oh [first_oh, last_oh) of the run's columns.
struct BundleStrip {
  BundleRun run;
  int64_t first_oh, last_oh;
};

/// The sums of the weights of a strip.
template <class Target>
void BundleStripWeights(const BundleWindow& w, const BundleStrip& strip, const float* src,
                        const float* diff_dst, float* sums) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  const int64_t sums_row = w.oc * Target::kWidth;
  const BundleRun& run = strip.run;
  for (int64_t kh = 0; kh < w.kh; ++kh) {
    const Taps oh = RowsOfTap<Target>(w, kh, strip.first_oh, strip.last_oh);
    if (oh.first >= oh.last) continue;
    for (int64_t tap = 0; tap < run.taps; ++tap) {
      const int64_t kw = run.cols.first + tap;
      const int64_t y = oh.first * w.sh - w.top + kh * w.dh;
      const int64_t x = run.first * w.sw - w.left + kw * w.dw;
      const BundleSumsArgs inputs = {
          .height = oh.last - oh.first,
          .width = run.pixels,
          .rows = src + (y * w.iw + x) * w.ic * kPanel,
          .rows_y = w.sh * w.iw * w.ic * kPanel,
          .rows_x = w.sw * w.ic * kPanel,
          .cols = diff_dst + (oh.first * w.ow + run.first) * w.oc * kPanel,
          .cols_y = w.ow * w.oc * kPanel,
          .cols_x = w.oc * kPanel,
          .sums = sums + (kh * w.kw + kw) * w.ic * sums_row,
          .sums_row = sums_row,
          .sums_col = Target::kWidth};
      if (run.depth >= kEnoughRows || run.depth >= w.oc) {
        BundleSumsOf<Target>(run.depth, w.oc, inputs);
        continue;
      }
      BundleSumsArgs filters = inputs;
      filters.rows = inputs.cols, filters.rows_y = inputs.cols_y, filters.rows_x = inputs.cols_x;
      filters.cols = inputs.rows, filters.cols_y = inputs.rows_y, filters.cols_x = inputs.rows_x;
      filters.sums_row = inputs.sums_col, filters.sums_col = inputs.sums_row;
      BundleSumsOf<Target>(w.oc, run.depth, filters);
    }
  }
}

/// Calls function(strip) for the strips of one bundle, whatever the bundle.
template <class Target, typename Function>
FOVEA_INLINE void BundleStrips(const BundleWindow& w, Function function) {
  const int64_t pixel = (w.oc + w.sw * w.ic) * 2 * Target::kWidth;
  const int64_t fitting = kStripFloats / pixel < 1 ? 1 : kStripFloats / pixel;
  // Columns are the same for every oh: they are those of row 0.
  BundleRuns<Target>(w, 0, [&](const BundleRun& whole) {
    const int64_t parts = (whole.pixels + fitting - 1) / fitting;
    for (int64_t part = 0; part < parts; ++part) {
      BundleRun run = whole;
      run.first = whole.first + whole.pixels * part / parts;
      run.pixels = whole.first + whole.pixels * (part + 1) / parts - run.first;
      const int64_t height = fitting / run.pixels;
      for (int64_t oh = 0; oh < w.oh; oh += height) {
        function(BundleStrip{run, oh, oh + height < w.oh ? oh + height : w.oh});
      }
    }
  });
}

/// sums[oc] += diff_dst over the pixels of a strip and both halves of the bundle, for kFilters
/// filters from `diff_dst` on.
template <class Target, int kFilters>
FOVEA_INLINE void BundleBias(const BundleWindow& w, const BundleStrip& strip, const float* diff_dst,
                             float* sums) {
  constexpr int kWidth = Target::kWidth;
  const int64_t pixel = w.oc * 2 * kWidth;
  Vector<Target> partial[2 * kFilters] = {};
  for (int64_t oh = strip.first_oh; oh < strip.last_oh; ++oh) {
    const float* diff = diff_dst + (oh * w.ow + strip.run.first) * pixel;
    for (int64_t i = 0; i < strip.run.pixels; ++i, diff += pixel) {
#pragma GCC unroll 8
      for (int j = 0; j < 2 * kFilters; ++j) partial[j] += Load<Target>(diff + j * kWidth);
    }
  }
#pragma GCC unroll 4
  for (int j = 0; j < kFilters; ++j) {
    float* out = sums + j * kWidth;
    Store<Target>(out, Load<Target>(out) + (partial[2 * j] + partial[2 * j + 1]));
  }
}

/// The sums of the bias of a strip.
template <class Target>
void BundleStripBias(const BundleWindow& w, const BundleStrip& strip, const float* diff_dst,
                     float* sums) {
  constexpr int kWidth = Target::kWidth;
  int64_t oc = 0;
  for (; oc + 4 <= w.oc; oc += 4) {
    BundleBias<Target, 4>(w, strip, diff_dst + oc * 2 * kWidth, sums + oc * kWidth);
  }
  for (; oc < w.oc; ++oc) {
    BundleBias<Target, 1>(w, strip, diff_dst + oc * 2 * kWidth, sums + oc * kWidth);
  }
}

/// dst[i] += the sum of the lanes of src[i], for `count` vectors.
template <class Target>
void AddLanes(int64_t count, const float* src, float* dst) {
  constexpr int kWidth = Target::kWidth;
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    const int64_t present = count - i;
    Vector<Target> block[kWidth] = {};
#pragma GCC unroll 16
    for (int j = 0; j < kWidth; ++j) {
      if (j < present) block[j] = Load<Target>(src + (i + j) * kWidth);
    }
    Transpose<Target>(block);
    Vector<Target> sum = lanes.Load(dst + i);
#pragma GCC unroll 16
    for (int j = 0; j < kWidth; ++j) sum += block[j];
    lanes.Store(dst + i, sum);
  });
}

template <class Target>
void VectorBundleConvWeights(const BundleConvWeightsArgs<float>& args) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  const BundleWindow& w = args.window;
  const int64_t weights = w.kh * w.kw * w.ic * w.oc;
  float* bias_sums = args.sums + weights * Target::kWidth;
  for (int64_t i = 0; i < (weights + w.oc) * Target::kWidth; ++i) args.sums[i] = 0;
  const float* src = args.src;
  const float* diff_dst = args.diff_dst;
  for (int64_t bundle = 0; bundle < args.bundles; ++bundle) {
    BundleStrips<Target>(w, [&](const BundleStrip& strip) {
      BundleStripWeights<Target>(w, strip, src, diff_dst, args.sums);
      if (args.diff_bias) BundleStripBias<Target>(w, strip, diff_dst, bias_sums);
    });
    src += w.ih * w.iw * w.ic * kPanel;
    diff_dst += w.oh * w.ow * w.oc * kPanel;
  }
  AddLanes<Target>(weights, args.sums, args.diff_weights);
  if (args.diff_bias) AddLanes<Target>(w.oc, bias_sums, args.diff_bias);
}

}  // namespace fovea
