#pragma once

#include "kernels/vector.h"

/// What the kernels over matrices of rows of channels share.
///
/// Fewer columns than a vector has lanes would leave lanes empty. But rows lie one after the other:
/// kWidth rows of `cols` columns are also one wide row of kWidth * cols columns, whose settings
/// repeat. Narrow matrices are computed so, and the rows left over as one shorter wide row.
namespace fovea {

/// Most columns of a wide row: kWidth rows of kWidth - 1 columns.
template <class Target>
inline constexpr int64_t kWideColumns = Target::kWidth*(Target::kWidth - 1);

/// The settings of fewer than kWidth columns, repeated for a wide row.
template <class Target>
struct WideRow {
  float values[kWideColumns<Target>];

  WideRow(int64_t cols, const float* row) {
    for (int64_t i = 0; i < Target::kWidth * cols; ++i) values[i] = row[i % cols];
  }
};

/// sums[c] += the sums of a wide row whose columns stand for c.
template <class Target>
FOVEA_INLINE void AddWide(int64_t cols, const float* wide_sums, float* sums) {
  for (int64_t i = 0; i < Target::kWidth * cols; ++i) sums[i % cols] += wide_sums[i];
}

/// Calls function(first, rows, cols) for the wide rows and for the rest: `first` is the element of
/// the narrow matrix where they begin.
template <class Target, typename Function>
FOVEA_INLINE void WideRows(int64_t rows, int64_t cols, Function function) {
  const int64_t wide = rows / Target::kWidth;
  const int64_t done = wide * Target::kWidth;
  function(int64_t{0}, wide, Target::kWidth * cols);
  function(done * cols, int64_t{1}, (rows - done) * cols);
}

/// How many vectors wide a strip is, as a type.
template <int kCount>
struct StripWidth {
  static constexpr int kVectors = kCount;
};

/// Calls function(row, rows, col, lanes, width) for the strips of two vectors of columns, of one,
/// and of a part of one, within blocks of rows of about 4 KB, so that the strips of a block find it
/// in L1, with four matrices read side by side; sums over blocks also lose less precision than one
/// long sum.
template <class Target, typename Function>
FOVEA_INLINE void ForStrips(int64_t rows, int64_t cols, Function function) {
  constexpr int64_t kWidth = Target::kWidth;
  if (cols == 0) return;
  const int64_t fitting = 1024 / cols;
  const int64_t block = fitting < 8 ? 8 : fitting > 256 ? 256 : fitting;
  for (int64_t row = 0; row < rows; row += block) {
    const int64_t count = rows - row < block ? rows - row : block;
    int64_t c = 0;
    for (; c + 2 * kWidth <= cols; c += 2 * kWidth) {
      function(row, count, c, Whole<Target>(), StripWidth<2>());
    }
    if (c + kWidth <= cols) {
      function(row, count, c, Whole<Target>(), StripWidth<1>());
      c += kWidth;
    }
    if (c < cols) {
      function(row, count, c, Part<Target>{static_cast<int>(cols - c)}, StripWidth<1>());
    }
  }
}

}  // namespace fovea
