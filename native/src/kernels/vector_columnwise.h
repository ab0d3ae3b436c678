#pragma once

#include "kernels/kernels.h"
#include "kernels/vector.h"

/// columnwise_brgemm for a Target: a tile of C, up to kColumnwiseRows rows of some vectors of
/// columns, is held in registers while all blocks and k are summed. Rows go in the outer loop, so
/// that C is written from end to end. Low tiles are wider instead.
namespace fovea {

inline constexpr int kColumnwiseRows = 6;

/// Whether kRows rows are few: then there may be many k, as in a sum over images, and little to do
/// while each row of B comes from afar.
template <int kRows>
inline constexpr bool kIsLow = kRows <= kColumnwiseRows / 2;

/// `lanes` says how much of the vectors is read and written; a part is of one vector only.
template <class Target, int kRows, int kVectors, typename Lanes>
__attribute__((noinline)) void ColumnwiseTile(const Brgemm<float>& g, int64_t row, int64_t col,
                                              Lanes lanes) {
  constexpr int kWidth = Target::kWidth;
  constexpr int kLine = 16;   // floats of a cache line
  constexpr int kAhead = 16;  // rows of B
  float* const out = g.c + row * g.c_row + col;
  const int64_t c_row = g.c_row;
#pragma GCC unroll 6
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int at = 0; at < kVectors * kWidth; at += kLine) {
      __builtin_prefetch(out + i * c_row + at, 1);
    }
  }
  Vector<Target> c[kRows][kVectors] = {};
  for (int64_t block = 0; block < g.blocks; ++block) {
    const float* a = g.a + (g.a_offsets ? g.a_offsets[block] : 0) + row * g.a_row + col;
    const float* b = g.b + (g.b_offsets ? g.b_offsets[block] : 0) + col;
    for (int64_t k = 0; k < g.depth; ++k, a += g.a_depth, b += g.b_depth) {
      if constexpr (kIsLow<kRows>) {
#pragma GCC unroll 4
        for (int at = 0; at < kVectors * kWidth; at += kLine) {
          __builtin_prefetch(b + kAhead * g.b_depth + at);
        }
      }
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) {
        const Vector<Target> factor = lanes.Load(b + j * kWidth);
#pragma GCC unroll 6
        for (int i = 0; i < kRows; ++i) {
          c[i][j] += lanes.Load(a + i * g.a_row + j * kWidth) * factor;
        }
      }
    }
  }
  if (g.accumulate) {
#pragma GCC unroll 6
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) c[i][j] += lanes.Load(out + i * c_row + j * kWidth);
    }
  }
  if (g.bias) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      const Vector<Target> bias = lanes.Load(g.bias + col + j * kWidth);
#pragma GCC unroll 6
      for (int i = 0; i < kRows; ++i) c[i][j] += bias;
    }
  }
  if (g.relu) {
#pragma GCC unroll 6
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) c[i][j] = Relu<Target>(c[i][j]);
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) lanes.Store(out + i * c_row + j * kWidth, c[i][j]);
  }
}

/// All columns of kRows rows.
template <class Target, int kRows>
FOVEA_INLINE void ColumnwiseLine(const Brgemm<float>& g, int64_t row) {
  constexpr int kVectors = kIsLow<kRows> ? 4 : 2;
  constexpr int64_t kCols = kVectors * Target::kWidth;
  int64_t col = 0;
  for (; col + kCols <= g.cols; col += kCols) {
    ColumnwiseTile<Target, kRows, kVectors>(g, row, col, Whole<Target>());
  }
  Blocks<Target>(g.cols - col, [&g, row, col](int64_t i, auto lanes) {
    ColumnwiseTile<Target, kRows, 1>(g, row, col + i, lanes);
  });
}

/// Calls the above for a number of rows known at run time, 1 to kRows.
template <class Target, int kRows>
FOVEA_INLINE void ColumnwiseOfRows(const Brgemm<float>& g, int64_t rows, int64_t row) {
  if constexpr (kRows > 1) {
    if (rows < kRows) return ColumnwiseOfRows<Target, kRows - 1>(g, rows, row);
  }
  ColumnwiseLine<Target, kRows>(g, row);
}

/// All rows, in tiles of nearly equal height.
template <class Target>
void VectorColumnwiseBrgemm(const Brgemm<float>& g) {
  const int64_t tiles = (g.rows + kColumnwiseRows - 1) / kColumnwiseRows;
  int64_t row = 0;
  for (int64_t tile = 0; tile < tiles; ++tile) {
    const int64_t height = (g.rows - row + tiles - tile - 1) / (tiles - tile);
    ColumnwiseOfRows<Target, kColumnwiseRows>(g, height, row);
    row += height;
  }
}

}  // namespace fovea
