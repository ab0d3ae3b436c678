#pragma once

#include "kernels/vector_columns.h"

/// sums[c] += the sum over r of src[r][c].
namespace fovea {

/// One strip: kVectors vectors of columns over `rows` rows. kSplit rows at a time go to separate
/// sums, which hides the latency of the addition where there are few vectors.
template <class Target, int kVectors, typename Lanes>
FOVEA_INLINE void SumStrip(int64_t rows, int64_t cols, Lanes lanes, const float* src, float* sums) {
  constexpr int kWidth = Target::kWidth;
  constexpr int kSplit = 4 / kVectors;
  Vector<Target> partial[kSplit][kVectors] = {};
  int64_t r = 0;
  for (; r + kSplit <= rows; r += kSplit) {
#pragma GCC unroll 4
    for (int s = 0; s < kSplit; ++s) {
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) {
        partial[s][j] += lanes.Load(src + (r + s) * cols + j * kWidth);
      }
    }
  }
  for (; r < rows; ++r) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) partial[0][j] += lanes.Load(src + r * cols + j * kWidth);
  }
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) {
    Vector<Target> sum = partial[0][j];
#pragma GCC unroll 4
    for (int s = 1; s < kSplit; ++s) sum += partial[s][j];
    lanes.Store(sums + j * kWidth, lanes.Load(sums + j * kWidth) + sum);
  }
}

template <class Target>
FOVEA_INLINE void SumRows(int64_t rows, int64_t cols, const float* src, float* sums) {
  ForStrips<Target>(rows, cols, [=](int64_t row, int64_t count, int64_t c, auto lanes, auto width) {
    SumStrip<Target, width.kVectors>(count, cols, lanes, src + row * cols + c, sums + c);
  });
}

template <class Target>
void VectorColumnSums(int64_t rows, int64_t cols, const float* src, float* sums) {
  if (cols >= Target::kWidth) return SumRows<Target>(rows, cols, src, sums);
  float wide_sums[kWideColumns<Target>] = {};
  WideRows<Target>(rows, cols, [&](int64_t first, int64_t wide_rows, int64_t wide_cols) {
    SumRows<Target>(wide_rows, wide_cols, src + first, wide_sums);
  });
  AddWide<Target>(cols, wide_sums, sums);
}

}  // namespace fovea
