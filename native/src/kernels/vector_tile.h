#pragma once

#include "kernels/vector.h"

/// The inner loop of brgemm: a tile of C of kTileRows rows and one panel (two vectors of columns),
/// held in registers while all blocks and k are summed. For each k, two vectors of B and kTileRows
/// broadcasts from A feed 2 * kTileRows multiply-adds. Lower and narrower tiles serve the edges.
namespace fovea {

/// The part of a brgemm that one tile computes; a and b are those of its first row and column.
/// Where Target::kPairs, an element of them is a pair of bfloat16 numbers, see vector_bfloat16.h.
struct TileArgs {
  int64_t depth, blocks;
  const float* a;
  int64_t a_row, a_depth;
  const int64_t* a_offsets;
  const float* b;
  int64_t b_depth;
  const int64_t* b_offsets;
  const float* next_b;  ///< first row of the panel that comes next, asked for ahead; or null
  float* c;
  int64_t c_row;
  int cols;  ///< columns of C, at most those of the tile
  bool accumulate;
  const float* bias;
  bool relu;
};

/// An element of A in every lane.
template <class Target>
FOVEA_INLINE Vector<Target> SplatOperand(const float* a) {
  if constexpr (Target::kPairs) {
    return Target::SplatPair(a);
  } else {
    return Splat<Target>(*a);
  }
}

/// c + a * b, lane by lane.
template <class Target>
FOVEA_INLINE Vector<Target> AddProduct(Vector<Target> c, Vector<Target> a, Vector<Target> b) {
  if constexpr (Target::kPairs) {
    return Target::AddPairs(c, a, b);
  } else {
    return c + a * b;
  }
}

/// kPartialB: B has only args.cols columns, fewer than the tile's one vector, and no more is read.
/// Not inlined: the registers are all taken, and the caller must not want some of them.
template <class Target, int kRows, int kVectors, bool kPartialB>
__attribute__((noinline)) void Tile(const TileArgs& args) {
  constexpr int kWidth = Target::kWidth;
  constexpr int kLine = 16;  // floats of a cache line
  static_assert(!kPartialB || kVectors == 1);
  // C is needed only at the end, but then at once: its lines are asked for ahead of the loop.
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    const float* row = args.c + i * args.c_row;
#pragma GCC unroll 2
    for (int at = 0; at < kVectors * kWidth; at += kLine) __builtin_prefetch(row + at, 1);
  }
  Vector<Target> c[kRows][kVectors] = {};
  for (int64_t block = 0; block < args.blocks; ++block) {
    const float* a = args.a + (args.a_offsets ? args.a_offsets[block] : 0);
    const float* b = args.b + (args.b_offsets ? args.b_offsets[block] : 0);
#pragma GCC unroll 4
    for (int64_t k = 0; k < args.depth; ++k, a += args.a_depth, b += args.b_depth) {
      Vector<Target> b_vectors[kVectors];
#pragma GCC unroll 2
      for (int j = 0; j < kVectors; ++j) {
        b_vectors[j] = kPartialB ? Target::LoadPart(b, args.cols) : Load<Target>(b + j * kWidth);
      }
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) {
        const Vector<Target> x = SplatOperand<Target>(a + i * args.a_row);
#pragma GCC unroll 2
        for (int j = 0; j < kVectors; ++j) c[i][j] = AddProduct<Target>(c[i][j], x, b_vectors[j]);
      }
    }
  }
  const Part<Target> last{args.cols - (kVectors - 1) * kWidth};
  const bool whole = last.size == kWidth;
  if (args.accumulate) {
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      const float* row = args.c + i * args.c_row;
#pragma GCC unroll 2
      for (int j = 0; j < kVectors; ++j) {
        const float* in = row + j * kWidth;
        c[i][j] += j + 1 < kVectors || whole ? Load<Target>(in) : last.Load(in);
      }
    }
  }
  if (args.bias) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      const float* bias = args.bias + j * kWidth;
      const Vector<Target> v = j + 1 < kVectors || whole ? Load<Target>(bias) : last.Load(bias);
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) c[i][j] += v;
    }
  }
  if (args.relu) {
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 2
      for (int j = 0; j < kVectors; ++j) c[i][j] = Relu<Target>(c[i][j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    float* row = args.c + i * args.c_row;
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      float* out = row + j * kWidth;
      if (j + 1 < kVectors || whole) {
        Store<Target>(out, c[i][j]);
      } else {
        last.Store(out, c[i][j]);
      }
    }
  }
}

/// Calls the tile for a number of rows known at run time, 1 to kRows.
template <class Target, int kRows, int kVectors, bool kPartialB>
FOVEA_INLINE void TileOfRows(int64_t rows, const TileArgs& args) {
  if constexpr (kRows > 1) {
    if (rows < kRows) return TileOfRows<Target, kRows - 1, kVectors, kPartialB>(rows, args);
  }
  Tile<Target, kRows, kVectors, kPartialB>(args);
}

/// All rows of a group against one panel, in tiles of nearly equal height: the result of a row does
/// not depend on the height, but low tiles are slow.
template <class Target, int kVectors, bool kPartialB>
void Column(int64_t rows, TileArgs args) {
  constexpr int kL2 = 2;
  const int64_t tiles = (rows + Target::kTileRows - 1) / Target::kTileRows;
  const int64_t low = rows / tiles;
  const int64_t higher = rows % tiles;
  const float* next = args.next_b;
  // Rows of the next panel to ask for, with each tile.
  const int64_t ahead = next ? (args.depth + tiles - 1) / tiles : 0;
  for (int64_t tile = 0; tile < tiles; ++tile) {
    for (int64_t i = 0; i < ahead; ++i, next += args.b_depth) __builtin_prefetch(next, 0, kL2);
    const int64_t height = tile < higher ? low + 1 : low;
    TileOfRows<Target, Target::kTileRows, kVectors, kPartialB>(height, args);
    args.a += height * args.a_row;
    args.c += height * args.c_row;
  }
}

/// A group of rows against one panel of `cols` columns; args.cols is still to be set.
template <class Target>
void Panel(int64_t rows, int64_t cols, bool padded, TileArgs args) {
  constexpr int kWidth = Target::kWidth;
  args.cols = static_cast<int>(cols);
  if (cols == 2 * kWidth || (cols > kWidth && padded)) {
    return Column<Target, 2, false>(rows, args);
  }
  if (cols > kWidth) {
    args.cols = kWidth;
    Column<Target, 1, false>(rows, args);
    args.cols = static_cast<int>(cols - kWidth);
    args.b += kWidth;
    args.c += kWidth;
    if (args.bias) args.bias += kWidth;
  }
  if (padded || args.cols == kWidth) return Column<Target, 1, false>(rows, args);
  Column<Target, 1, true>(rows, args);
}

}  // namespace fovea
