#pragma once

#include "kernels/vector_columns.h"

/// sums[c] += the sum over r of term(a[r][c], b), where b is a row (kRowB: b[c]) or a matrix
/// (b[r][c]). Rows are summed in registers in blocks of about 16 KB, so that the strips of columns
/// of a block find it in L1; adding up blocks also loses less precision than one long sum.
namespace fovea {

/// One strip: kVectors vectors of columns from `col` on, over `rows` rows. kSplit rows at a time go
/// to separate sums, which hides the latency of the addition where there are few vectors.
template <class Target, bool kRowB, int kVectors, int kSplit, typename Lanes, typename Term>
FOVEA_INLINE void SumStrip(int64_t rows, int64_t cols, int64_t col, Lanes lanes, const float* a,
                           const float* b, Term term, float* sums) {
  Vector<Target> partial[kSplit][kVectors] = {};
  const auto add_row = [&](int64_t r, Vector<Target> * to) __attribute__((always_inline)) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      const int64_t c = col + j * Target::kWidth;
      const int64_t i = r * cols + c;
      to[j] += term(lanes.Load(a + i), lanes.Load(b + (kRowB ? c : i)));
    }
  };
  int64_t r = 0;
  for (; r + kSplit <= rows; r += kSplit) {
#pragma GCC unroll 4
    for (int s = 0; s < kSplit; ++s) add_row(r + s, partial[s]);
  }
  for (; r < rows; ++r) add_row(r, partial[0]);
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) {
    Vector<Target> sum = partial[0][j];
#pragma GCC unroll 4
    for (int s = 1; s < kSplit; ++s) sum += partial[s][j];
    float* out = sums + col + j * Target::kWidth;
    lanes.Store(out, lanes.Load(out) + sum);
  }
}

template <class Target, bool kRowB, typename Term>
FOVEA_INLINE void SumRows(int64_t rows, int64_t cols, const float* a, const float* b, Term term,
                          float* sums) {
  constexpr int kWidth = Target::kWidth;
  if (cols == 0) return;
  const int64_t fitting = 4096 / cols;
  const int64_t block = fitting < 8 ? 8 : fitting > 256 ? 256 : fitting;
  for (int64_t row = 0; row < rows; row += block) {
    const int64_t count = rows - row < block ? rows - row : block;
    const float* block_a = a + row * cols;
    const float* block_b = kRowB ? b : b + row * cols;
    const Whole<Target> whole;
    int64_t c = 0;
    for (; c + 4 * kWidth <= cols; c += 4 * kWidth) {
      SumStrip<Target, kRowB, 4, 1>(count, cols, c, whole, block_a, block_b, term, sums);
    }
    for (; c + kWidth <= cols; c += kWidth) {
      SumStrip<Target, kRowB, 1, 4>(count, cols, c, whole, block_a, block_b, term, sums);
    }
    if (c < cols) {
      const Part<Target> part{static_cast<int>(cols - c)};
      SumStrip<Target, kRowB, 1, 4>(count, cols, c, part, block_a, block_b, term, sums);
    }
  }
}

template <class Target, bool kRowB, typename Term>
FOVEA_INLINE void SumColumns(int64_t rows, int64_t cols, const float* a, const float* b, Term term,
                             float* sums) {
  if (cols >= Target::kWidth) {
    return SumRows<Target, kRowB>(rows, cols, a, b, term, sums);
  }
  const WideRow<Target> wide_b(kRowB ? cols : 0, b);
  float wide_sums[kWideColumns<Target>] = {};
  WideRows<Target>(rows, cols, [&](int64_t first, int64_t wide_rows, int64_t wide_cols) {
    SumRows<Target, kRowB>(wide_rows, wide_cols, a + first, kRowB ? wide_b.values : b + first, term,
                           wide_sums);
  });
  for (int64_t i = 0; i < Target::kWidth * cols; ++i) sums[i % cols] += wide_sums[i];
}

template <class Target>
void VectorColumnSums(int64_t rows, int64_t cols, const float* src, float* sums) {
  const auto term = [](Vector<Target> x, Vector<Target>) { return x; };
  SumColumns<Target, false>(rows, cols, src, src, term, sums);
}

template <class Target>
void VectorColumnSquares(int64_t rows, int64_t cols, const float* src, const float* center,
                         float* sums) {
  const auto term = [](Vector<Target> x, Vector<Target> y) { return (x - y) * (x - y); };
  SumColumns<Target, true>(rows, cols, src, center, term, sums);
}

template <class Target>
void VectorColumnDots(int64_t rows, int64_t cols, const float* a, const float* b, float* sums) {
  const auto term = [](Vector<Target> x, Vector<Target> y) { return x * y; };
  SumColumns<Target, false>(rows, cols, a, b, term, sums);
}

}  // namespace fovea
