#pragma once

#include "kernels/kernels.h"
#include "kernels/vector_columns.h"

/// A factor and a shift for each column. dst may be one of the sources.
namespace fovea {

/// One strip of kVectors vectors of columns, whose settings stay in registers.
template <class Target, bool kAdd, int kVectors, typename Lanes>
FOVEA_INLINE void AffineStrip(const ColumnAffine<float>& args, int64_t first, int64_t c,
                              int64_t rows, Lanes lanes) {
  constexpr int kWidth = Target::kWidth;
  Vector<Target> factor[kVectors], shift[kVectors], floor[kVectors];
#pragma GCC unroll 2
  for (int j = 0; j < kVectors; ++j) {
    factor[j] = lanes.Load(args.factor + c + j * kWidth);
    shift[j] = lanes.Load(args.shift + c + j * kWidth);
    floor[j] = Splat<Target>(args.relu ? 0 : -__builtin_inff());
  }
  for (int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      const int64_t i = first + r * args.cols + j * kWidth;
      Vector<Target> value = lanes.Load(args.src + i) * factor[j] + shift[j];
      if (kAdd) value += lanes.Load(args.add + i);
      lanes.Store(args.dst + i, floor[j] > value ? floor[j] : value);
    }
  }
}

template <class Target, bool kAdd>
FOVEA_INLINE void AffineRows(const ColumnAffine<float>& args) {
  ForStrips<Target>(
      args.rows, args.cols,
      [&](int64_t row, int64_t count, int64_t c, auto lanes, auto width)
          __attribute__((always_inline)) {
            AffineStrip<Target, kAdd, width.kVectors>(args, row * args.cols + c, c, count, lanes);
          });
}

template <class Target>
FOVEA_INLINE void AffineOf(const ColumnAffine<float>& args) {
  if (args.add != nullptr) return AffineRows<Target, true>(args);
  AffineRows<Target, false>(args);
}

template <class Target>
void VectorColumnAffine(const ColumnAffine<float>& args) {
  if (args.cols >= Target::kWidth) return AffineOf<Target>(args);
  const WideRow<Target> factor(args.cols, args.factor), shift(args.cols, args.shift);
  WideRows<Target>(args.rows, args.cols, [&](int64_t first, int64_t rows, int64_t cols) {
    ColumnAffine<float> wide = args;
    wide.rows = rows;
    wide.cols = cols;
    wide.src = args.src + first;
    wide.factor = factor.values;
    wide.shift = shift.values;
    wide.add = args.add == nullptr ? nullptr : args.add + first;
    wide.dst = args.dst + first;
    AffineOf<Target>(wide);
  });
}

template <class Target>
FOVEA_INLINE void NormalizeRows(int64_t rows, int64_t cols, const uint8_t* src, const float* mean,
                                const float* factor, float* dst) {
  for (int64_t r = 0; r < rows; ++r, src += cols, dst += cols) {
    Blocks<Target>(cols, [=](int64_t c, auto lanes) {
      const Vector<Target> value = ToFloats<Target>(lanes.LoadBytes(src + c));
      lanes.Store(dst + c, (value - lanes.Load(mean + c)) * lanes.Load(factor + c));
    });
  }
}

template <class Target>
void VectorNormalizeU8(int64_t rows, int64_t cols, const uint8_t* src, const float* mean,
                       const float* factor, float* dst) {
  if (cols >= Target::kWidth) return NormalizeRows<Target>(rows, cols, src, mean, factor, dst);
  const WideRow<Target> wide_mean(cols, mean);
  const WideRow<Target> wide_factor(cols, factor);
  WideRows<Target>(rows, cols, [&](int64_t first, int64_t wide_rows, int64_t wide_cols) {
    NormalizeRows<Target>(wide_rows, wide_cols, src + first, wide_mean.values, wide_factor.values,
                          dst + first);
  });
}

}  // namespace fovea
