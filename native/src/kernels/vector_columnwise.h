#pragma once

#include "kernels/kernels.h"
#include "kernels/vector.h"

/// columnwise_brgemm for a Target: a tile of C of up to kColumnwiseRows rows and two vectors of
/// columns is held in registers while all blocks and k are summed. Columns go in the outer loop, so
/// that a line of A, which is two vectors or one, is brought in once for all rows and k.
namespace fovea {

inline constexpr int kColumnwiseRows = 6;

/// `lanes` says how much of the vectors is read and written; a part is of one vector only.
template <class Target, int kRows, int kVectors, typename Lanes>
__attribute__((noinline)) void ColumnwiseTile(const Brgemm<float>& g, int64_t row, int64_t col,
                                              Lanes lanes) {
  constexpr int kWidth = Target::kWidth;
  Vector<Target> c[kRows][kVectors] = {};
  for (int64_t block = 0; block < g.blocks; ++block) {
    const float* a = g.a + (g.a_offsets ? g.a_offsets[block] : 0) + row * g.a_row + col;
    const float* b = g.b + (g.b_offsets ? g.b_offsets[block] : 0) + col;
    for (int64_t k = 0; k < g.depth; ++k, a += g.a_depth, b += g.b_depth) {
#pragma GCC unroll 2
      for (int j = 0; j < kVectors; ++j) {
        const Vector<Target> factor = lanes.Load(b + j * kWidth);
#pragma GCC unroll 6
        for (int i = 0; i < kRows; ++i) {
          c[i][j] += lanes.Load(a + i * g.a_row + j * kWidth) * factor;
        }
      }
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < kRows; ++i) {
    float* out = g.c + (row + i) * g.c_row + col;
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      Vector<Target> v = c[i][j];
      if (g.accumulate) v += lanes.Load(out + j * kWidth);
      if (g.bias) v += lanes.Load(g.bias + col + j * kWidth);
      if (g.relu) v = Relu<Target>(v);
      lanes.Store(out + j * kWidth, v);
    }
  }
}

/// Calls the tile for a number of rows known at run time, 1 to kRows.
template <class Target, int kRows, int kVectors, typename Lanes>
FOVEA_INLINE void ColumnwiseTileOfRows(const Brgemm<float>& g, int64_t rows, int64_t row,
                                       int64_t col, Lanes lanes) {
  if constexpr (kRows > 1) {
    if (rows < kRows) {
      return ColumnwiseTileOfRows<Target, kRows - 1, kVectors>(g, rows, row, col, lanes);
    }
  }
  ColumnwiseTile<Target, kRows, kVectors>(g, row, col, lanes);
}

/// All rows of kVectors vectors of columns, in tiles of nearly equal height.
template <class Target, int kVectors, typename Lanes>
FOVEA_INLINE void ColumnwiseRows(const Brgemm<float>& g, int64_t col, Lanes lanes) {
  const int64_t tiles = (g.rows + kColumnwiseRows - 1) / kColumnwiseRows;
  int64_t row = 0;
  for (int64_t tile = 0; tile < tiles; ++tile) {
    const int64_t height = (g.rows - row + tiles - tile - 1) / (tiles - tile);
    ColumnwiseTileOfRows<Target, kColumnwiseRows, kVectors>(g, height, row, col, lanes);
    row += height;
  }
}

template <class Target>
void VectorColumnwiseBrgemm(const Brgemm<float>& g) {
  constexpr int64_t kPair = 2 * Target::kWidth;
  int64_t col = 0;
  for (; col + kPair <= g.cols; col += kPair) {
    ColumnwiseRows<Target, 2>(g, col, Whole<Target>());
  }
  Blocks<Target>(g.cols - col, [&g, col](int64_t i, auto lanes) {
    ColumnwiseRows<Target, 1>(g, col + i, lanes);
  });
}

}  // namespace fovea
