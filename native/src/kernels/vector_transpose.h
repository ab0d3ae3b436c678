#pragma once

#include "kernels/vector.h"

/// Transposition, and with it bundles: rows side by side, [size, panel] with panel = 2 * kWidth.
namespace fovea {

/// Swaps, in every square of 2 * kStep lanes of the rows `a` and `b` = a + kStep, the upper right
/// quarter with the lower left one.
template <class Target, int kStep>
FOVEA_INLINE void SwapQuarters(Vector<Target>* a, Vector<Target>* b) {
  constexpr int kWidth = Target::kWidth;
  typename Target::Ints upper, lower;
#pragma GCC unroll 16
  for (int i = 0; i < kWidth; ++i) {
    upper[i] = i & kStep ? kWidth + i - kStep : i;
    lower[i] = i & kStep ? kWidth + i : i + kStep;
  }
  const Vector<Target> top = __builtin_shuffle(*a, *b, upper);
  *b = __builtin_shuffle(*a, *b, lower);
  *a = top;
}

/// Transposes kWidth rows of kWidth lanes in place (Eklundh 1972).
template <class Target, int kStep = Target::kWidth / 2>
FOVEA_INLINE void Transpose(Vector<Target>* rows) {
#pragma GCC unroll 16
  for (int i = 0; i < Target::kWidth; ++i) {
    if ((i & kStep) == 0) SwapQuarters<Target, kStep>(rows + i, rows + i + kStep);
  }
  if constexpr (kStep > 1) Transpose<Target, kStep / 2>(rows);
}

template <class Target>
void VectorInterleave(int64_t rows, int64_t size, const float* src, float* dst) {
  constexpr int kWidth = Target::kWidth;
  Blocks<Target>(size, [=](int64_t e, auto lanes) {
    const int64_t count = size - e < kWidth ? size - e : kWidth;
    for (int64_t half = 0; half < 2; ++half) {
      Vector<Target> block[kWidth] = {};
      const float* from = src + half * kWidth * size + e;
      const int64_t present = rows - half * kWidth;
#pragma GCC unroll 16
      for (int i = 0; i < kWidth; ++i) {
        if (i < present) block[i] = lanes.Load(from + i * size);
      }
      Transpose<Target>(block);
      float* to = dst + (e * 2 + half) * kWidth;
#pragma GCC unroll 16
      for (int i = 0; i < kWidth; ++i) {
        if (i < count) Store<Target>(to + 2 * i * kWidth, block[i]);
      }
    }
  });
}

template <class Target>
void VectorDeinterleave(int64_t rows, int64_t size, const float* src, float* dst) {
  constexpr int kWidth = Target::kWidth;
  Blocks<Target>(size, [=](int64_t e, auto lanes) {
    const int64_t count = size - e < kWidth ? size - e : kWidth;
    for (int64_t half = 0; half * kWidth < rows; ++half) {
      Vector<Target> block[kWidth] = {};
      const float* from = src + (e * 2 + half) * kWidth;
#pragma GCC unroll 16
      for (int i = 0; i < kWidth; ++i) {
        if (i < count) block[i] = Load<Target>(from + 2 * i * kWidth);
      }
      Transpose<Target>(block);
      float* to = dst + half * kWidth * size + e;
      const int64_t wanted = rows - half * kWidth;
#pragma GCC unroll 16
      for (int i = 0; i < kWidth; ++i) {
        if (i < wanted) lanes.Store(to + i * size, block[i]);
      }
    }
  });
}

}  // namespace fovea
