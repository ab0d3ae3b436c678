#pragma once

#include "kernels/kernels.h"
#include "kernels/vector_columns.h"

/// Batch norm's backward in two passes: sums over rows, then the gradient of src. Settings of a
/// strip of columns stay in registers while its rows pass.
namespace fovea {

/// How g, the gradient behind a relu, is made of diff_dst.
enum class ReluOf { kNothing, kSrc, kDst };

/// Vectors of settings of one strip.
template <class Target, int kVectors, typename Lanes>
struct StripSettings {
  Vector<Target> values[kVectors];

  FOVEA_INLINE StripSettings(Lanes lanes, const float* row) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) values[j] = lanes.Load(row + j * Target::kWidth);
  }
};

/// Calls function(i, j, src, g) for each vector of a strip that begins at element `first`: i is its
/// first element, j the vector within the strip.
template <class Target, ReluOf kRelu, int kVectors, typename Lanes, typename Function>
FOVEA_INLINE void ForGradients(const NormBackwardArgs<float>& args, int64_t first, int64_t c,
                               int64_t rows, Lanes lanes, Function function) {
  constexpr int kWidth = Target::kWidth;
  // Not read unless kRelu asks; a row of settings that is certainly there stands in.
  using Settings = StripSettings<Target, kVectors, Lanes>;
  const bool relu = kRelu == ReluOf::kSrc;
  const Settings factor(lanes, (relu ? args.relu_factor : args.mean) + c);
  const Settings shift(lanes, (relu ? args.relu_shift : args.mean) + c);
  const Vector<Target> zero = {};
  for (int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      const int64_t i = first + r * args.cols + j * kWidth;
      const Vector<Target> src = lanes.Load(args.src + i);
      Vector<Target> g = lanes.Load(args.diff_dst + i);
      if (kRelu == ReluOf::kSrc) g = src * factor.values[j] + shift.values[j] > zero ? g : zero;
      if (kRelu == ReluOf::kDst) {
        g = lanes.Load(args.dst + i) > zero ? g : zero;
        lanes.Store(args.diff_dst + i, g);
      }
      function(i, j, src, g);
    }
  }
}

template <class Target, ReluOf kRelu>
FOVEA_INLINE void NormSumsOfRows(const NormBackwardArgs<float>& args, float* sums, float* dots) {
  ForStrips<Target>(
      args.rows, args.cols,
      [&](int64_t row, int64_t count, int64_t c, auto lanes, auto width)
          __attribute__((always_inline)) {
            constexpr int kVectors = width.kVectors;
            const StripSettings<Target, kVectors, decltype(lanes)> mean(lanes, args.mean + c);
            Vector<Target> sum[kVectors] = {}, dot[kVectors] = {};
            ForGradients<Target, kRelu, kVectors>(
                args, row * args.cols + c, c, count, lanes,
                [&](int64_t, int j, Vector<Target> src, Vector<Target> g)
                    __attribute__((always_inline)) {
                      sum[j] += g;
                      dot[j] += g * (src - mean.values[j]);
                    });
#pragma GCC unroll 2
            for (int j = 0; j < kVectors; ++j) {
              const int64_t at = c + j * Target::kWidth;
              lanes.Store(sums + at, lanes.Load(sums + at) + sum[j]);
              lanes.Store(dots + at, lanes.Load(dots + at) + dot[j]);
            }
          });
}

template <class Target, ReluOf kRelu>
FOVEA_INLINE void NormBackwardOfRows(const NormBackwardArgs<float>& args) {
  ForStrips<Target>(
      args.rows, args.cols,
      [&](int64_t row, int64_t count, int64_t c, auto lanes, auto width)
          __attribute__((always_inline)) {
            constexpr int kVectors = width.kVectors;
            using Settings = StripSettings<Target, kVectors, decltype(lanes)>;
            const Settings mean(lanes, args.mean + c);
            const Settings diff_factor(lanes, args.diff_factor + c);
            const Settings src_factor(lanes, args.src_factor + c);
            const Settings shift(lanes, args.shift + c);
            ForGradients<Target, kRelu, kVectors>(
                args, row * args.cols + c, c, count, lanes,
                [&](int64_t i, int j, Vector<Target> src, Vector<Target> g)
                    __attribute__((always_inline)) {
                      const Vector<Target> shifted =
                          (src - mean.values[j]) * src_factor.values[j] + shift.values[j];
                      lanes.Store(args.diff_src + i, g * diff_factor.values[j] + shifted);
                    });
          });
}

/// Calls function(args) with args over at least kWidth columns: those given, or their wide rows.
template <class Target, typename Function>
FOVEA_INLINE void WithWideColumns(const NormBackwardArgs<float>& args, Function function) {
  const auto row = [&](const float* settings) {
    return WideRow<Target>(settings == nullptr ? 0 : args.cols, settings);
  };
  const WideRow<Target> mean = row(args.mean), diff_factor = row(args.diff_factor),
                        src_factor = row(args.src_factor), shift = row(args.shift),
                        relu_factor = row(args.relu_factor), relu_shift = row(args.relu_shift);
  WideRows<Target>(args.rows, args.cols, [&](int64_t first, int64_t rows, int64_t cols) {
    NormBackwardArgs<float> wide = args;
    wide.rows = rows;
    wide.cols = cols;
    wide.src = args.src + first;
    wide.diff_dst = args.diff_dst + first;
    wide.dst = args.dst == nullptr ? nullptr : args.dst + first;
    wide.diff_src = args.diff_src == nullptr ? nullptr : args.diff_src + first;
    wide.mean = mean.values;
    wide.diff_factor = diff_factor.values;
    wide.src_factor = src_factor.values;
    wide.shift = shift.values;
    wide.relu_factor = args.relu_factor == nullptr ? nullptr : relu_factor.values;
    wide.relu_shift = relu_shift.values;
    function(wide);
  });
}

template <class Target>
FOVEA_INLINE void NormSumsOf(const NormBackwardArgs<float>& args, float* sums, float* dots) {
  if (args.dst != nullptr) return NormSumsOfRows<Target, ReluOf::kDst>(args, sums, dots);
  if (args.relu_factor != nullptr) return NormSumsOfRows<Target, ReluOf::kSrc>(args, sums, dots);
  NormSumsOfRows<Target, ReluOf::kNothing>(args, sums, dots);
}

template <class Target>
void VectorNormSums(const NormBackwardArgs<float>& args, float* sums, float* dots) {
  if (args.cols >= Target::kWidth) return NormSumsOf<Target>(args, sums, dots);
  float wide_sums[kWideColumns<Target>] = {}, wide_dots[kWideColumns<Target>] = {};
  WithWideColumns<Target>(args, [&](const NormBackwardArgs<float>& wide) {
    NormSumsOf<Target>(wide, wide_sums, wide_dots);
  });
  AddWide<Target>(args.cols, wide_sums, sums);
  AddWide<Target>(args.cols, wide_dots, dots);
}

template <class Target>
FOVEA_INLINE void NormBackwardOf(const NormBackwardArgs<float>& args) {
  if (args.relu_factor != nullptr) return NormBackwardOfRows<Target, ReluOf::kSrc>(args);
  NormBackwardOfRows<Target, ReluOf::kNothing>(args);
}

template <class Target>
void VectorNormBackward(const NormBackwardArgs<float>& args) {
  if (args.cols >= Target::kWidth) return NormBackwardOf<Target>(args);
  WithWideColumns<Target>(
      args, [](const NormBackwardArgs<float>& wide) { NormBackwardOf<Target>(wide); });
}

}  // namespace fovea
