#pragma once

#include "kernels/vector_columns.h"

/// Mean and squared distances from it, reading memory once: each block of rows is read a second
/// time while it is in L1, for the distances from its own mean, and joins the blocks before it by
/// the pairwise formula
///   d = mean_b - mean, mean += d * n_b / n, squares += squares_b + d^2 * n_before * n_b / n
/// All values are taken relative to the first row, so that nothing cancels where the mean is large.
/// Source: Chan, Golub and LeVeque 1979, Updating Formulae and a Pairwise Algorithm for Computing
/// Sample Variances.
namespace fovea {

/// Shares of a block of `count` rows that joins `before` rows.
struct Joining {
  float of_mean, of_square;
};

template <class Target>
FOVEA_INLINE Joining Join(int64_t before, int64_t count) {
  const double share = static_cast<double>(count) / static_cast<double>(before + count);
  return {static_cast<float>(share), static_cast<float>(share * static_cast<double>(before))};
}

/// The sum of term(value) over the rows of kVectors vectors of columns, rows in two halves to hide
/// the latency of the addition.
template <class Target, int kVectors, typename Lanes, typename Term>
FOVEA_INLINE void SumTerms(int64_t rows, int64_t cols, Lanes lanes, const float* src, Term term,
                           Vector<Target>* sums) {
  constexpr int kWidth = Target::kWidth;
  Vector<Target> even[kVectors] = {}, odd[kVectors] = {};
  int64_t r = 0;
  for (; r + 2 <= rows; r += 2) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      even[j] += term(lanes.Load(src + r * cols + j * kWidth), j);
      odd[j] += term(lanes.Load(src + (r + 1) * cols + j * kWidth), j);
    }
  }
#pragma GCC unroll 2
  for (int j = 0; j < kVectors; ++j) {
    if (r < rows) even[j] += term(lanes.Load(src + r * cols + j * kWidth), j);
    sums[j] = even[j] + odd[j];
  }
}

/// Joins a block of `rows` rows to mean, relative to `pivot`, and squares of the `before` rows
/// before it.
template <class Target, int kVectors, typename Lanes>
FOVEA_INLINE void MomentsStrip(int64_t before, int64_t rows, int64_t cols, Lanes lanes,
                               const float* src, const float* pivot, float* mean, float* squares) {
  constexpr int kWidth = Target::kWidth;
  Vector<Target> first[kVectors], block_mean[kVectors], block_squares[kVectors];
#pragma GCC unroll 2
  for (int j = 0; j < kVectors; ++j) first[j] = lanes.Load(pivot + j * kWidth);
  const auto value = [&](Vector<Target> x, int j) __attribute__((always_inline)) {
    return x - first[j];
  };
  SumTerms<Target, kVectors>(rows, cols, lanes, src, value, block_mean);
  const Vector<Target> count = Splat<Target>(static_cast<float>(rows));
#pragma GCC unroll 2
  for (int j = 0; j < kVectors; ++j) block_mean[j] /= count;
  const auto square = [&](Vector<Target> x, int j) __attribute__((always_inline)) {
    const Vector<Target> distance = x - first[j] - block_mean[j];
    return distance * distance;
  };
  SumTerms<Target, kVectors>(rows, cols, lanes, src, square, block_squares);
  const Joining joining = Join<Target>(before, rows);
#pragma GCC unroll 2
  for (int j = 0; j < kVectors; ++j) {
    const Vector<Target> old_mean = lanes.Load(mean + j * kWidth);
    const Vector<Target> distance = block_mean[j] - old_mean;
    lanes.Store(mean + j * kWidth, old_mean + distance * Splat<Target>(joining.of_mean));
    lanes.Store(squares + j * kWidth, lanes.Load(squares + j * kWidth) + block_squares[j] +
                                          distance * distance * Splat<Target>(joining.of_square));
  }
}

/// Mean relative to the first row, and squares; both are 0 before.
template <class Target>
FOVEA_INLINE void MomentsOfRows(int64_t rows, int64_t cols, const float* src, float* mean,
                                float* squares) {
  ForStrips<Target>(rows, cols, [=](int64_t row, int64_t count, int64_t c, auto lanes, auto width) {
    MomentsStrip<Target, width.kVectors>(row, count, cols, lanes, src + row * cols + c, src + c,
                                         mean + c, squares + c);
  });
}

/// One column's moments, relative to its first value, from those of the columns of a wide row that
/// stand for it, and from the rows left over, one by one.
template <class Target>
FOVEA_INLINE void JoinWide(int64_t rows, int64_t cols, const float* src, const float* wide_mean,
                           const float* wide_squares, float* mean, float* squares) {
  const int64_t wide = rows / Target::kWidth;
  int64_t before = 0;
  const auto join = [&](int64_t count, float other_mean, float other_squares) {
    const Joining joining = Join<Target>(before, count);
    const float distance = other_mean - *mean;
    *mean += distance * joining.of_mean;
    *squares += other_squares + distance * distance * joining.of_square;
    before += count;
  };
  for (int64_t i = 0; i < Target::kWidth && wide > 0; ++i) {
    join(wide, src[i * cols] - *src + wide_mean[i * cols], wide_squares[i * cols]);
  }
  for (int64_t r = wide * Target::kWidth; r < rows; ++r) join(1, src[r * cols] - *src, 0);
}

template <class Target>
void VectorColumnMoments(int64_t rows, int64_t cols, const float* src, float* mean,
                         float* squares) {
  for (int64_t c = 0; c < cols; ++c) mean[c] = squares[c] = 0;
  if (cols >= Target::kWidth) {
    MomentsOfRows<Target>(rows, cols, src, mean, squares);
  } else {
    float wide_mean[kWideColumns<Target>] = {}, wide_squares[kWideColumns<Target>] = {};
    MomentsOfRows<Target>(rows / Target::kWidth, Target::kWidth * cols, src, wide_mean,
                          wide_squares);
    for (int64_t c = 0; c < cols; ++c) {
      JoinWide<Target>(rows, cols, src + c, wide_mean + c, wide_squares + c, mean + c, squares + c);
    }
  }
  for (int64_t c = 0; c < cols && rows > 0; ++c) mean[c] += src[c];
}

}  // namespace fovea
