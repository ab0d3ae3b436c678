#pragma once

#include "kernels/vector_columns.h"

/// A factor and a shift for each column. dst may be one of the sources.
namespace fovea {

template <class Target>
FOVEA_INLINE void AffineRows(int64_t rows, int64_t cols, const float* src, const float* factor,
                             const float* shift, float* dst) {
  for (int64_t r = 0; r < rows; ++r, src += cols, dst += cols) {
    Blocks<Target>(cols, [=](int64_t c, auto lanes) {
      lanes.Store(dst + c, lanes.Load(src + c) * lanes.Load(factor + c) + lanes.Load(shift + c));
    });
  }
}

template <class Target>
void VectorColumnAffine(int64_t rows, int64_t cols, const float* src, const float* factor,
                        const float* shift, float* dst) {
  if (cols >= Target::kWidth) return AffineRows<Target>(rows, cols, src, factor, shift, dst);
  const WideRow<Target> wide_factor(cols, factor);
  const WideRow<Target> wide_shift(cols, shift);
  WideRows<Target>(rows, cols, [&](int64_t first, int64_t wide_rows, int64_t wide_cols) {
    AffineRows<Target>(wide_rows, wide_cols, src + first, wide_factor.values, wide_shift.values,
                       dst + first);
  });
}

template <class Target>
FOVEA_INLINE void Affine2Rows(int64_t rows, int64_t cols, const float* a, const float* a_factor,
                              const float* b, const float* b_factor, const float* shift,
                              float* dst) {
  for (int64_t r = 0; r < rows; ++r, a += cols, b += cols, dst += cols) {
    Blocks<Target>(cols, [=](int64_t c, auto lanes) {
      const Vector<Target> shifted =
          lanes.Load(b + c) * lanes.Load(b_factor + c) + lanes.Load(shift + c);
      lanes.Store(dst + c, lanes.Load(a + c) * lanes.Load(a_factor + c) + shifted);
    });
  }
}

template <class Target>
void VectorColumnAffine2(int64_t rows, int64_t cols, const float* a, const float* a_factor,
                         const float* b, const float* b_factor, const float* shift, float* dst) {
  if (cols >= Target::kWidth) {
    return Affine2Rows<Target>(rows, cols, a, a_factor, b, b_factor, shift, dst);
  }
  const WideRow<Target> wide_a_factor(cols, a_factor);
  const WideRow<Target> wide_b_factor(cols, b_factor);
  const WideRow<Target> wide_shift(cols, shift);
  WideRows<Target>(rows, cols, [&](int64_t first, int64_t wide_rows, int64_t wide_cols) {
    Affine2Rows<Target>(wide_rows, wide_cols, a + first, wide_a_factor.values, b + first,
                        wide_b_factor.values, wide_shift.values, dst + first);
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
