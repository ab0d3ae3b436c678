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

/// Calls function(first, rows, cols) for the wide rows and for the rest: `first` is the element of
/// the narrow matrix where they begin.
template <class Target, typename Function>
FOVEA_INLINE void WideRows(int64_t rows, int64_t cols, Function function) {
  const int64_t wide = rows / Target::kWidth;
  const int64_t done = wide * Target::kWidth;
  function(int64_t{0}, wide, Target::kWidth * cols);
  function(done * cols, int64_t{1}, (rows - done) * cols);
}

}  // namespace fovea
