#pragma once

#include "kernels/vector_brgemm.h"

/// brgemm of operands rounded to bfloat16, for a Target, around the tiles of vector_tile.h.
///
/// Runs and groups are those of vector_brgemm.h. What a group of rows needs of A is rounded once,
/// and so is a run of each panel of B, as they are copied to where the tiles read them: for a group
/// of 160 rows that is some hundredths of the work. A Target with kPairs multiplies pairs of
/// bfloat16 numbers, of neighbouring k, at twice the speed of floats; then an element of the copies
/// is such a pair, the smaller k in its lower half. The last element of a block of odd depth has a
/// 0 beside it. Other Targets keep the rounded numbers as floats: the same results up to the order
/// of additions, at no more than the speed of float32.
///
/// A Target with kPairs has
///   SplatPair(p)           the pair at p in every lane
///   AddPairs(c, a, b)      c + both products of each lane
///   InOrder(first, second) rounded: kWidth pairs, made of the numbers in their order
///   Pair(low, high)        rounded: kWidth pairs, each of a number of `low` and one of `high`
namespace fovea {

/// A group of rows of A and a run of a panel of B, for one run of depth.
template <class Target>
struct RoundedCopy {
  static constexpr int64_t kPanel = 2 * Target::kWidth;
  alignas(64) float a[kGroupRows * kRunDepth];
  alignas(64) float b[kRunDepth * kPanel];
  alignas(64) float line[kRunDepth];
};

/// The nearest bfloat16, ties to even, as a float; NaN stays NaN.
template <class Target>
FOVEA_INLINE Vector<Target> ToBfloat16(Vector<Target> v) {
  using Ints = typename Target::Ints;
  const Ints bits = reinterpret_cast<Ints>(v);
  const Ints is_nan = v != v;
  const Ints number = is_nan ? Ints{} : bits;
  const Ints rounded = number + 0x7fff + ((number >> 16) & 1);
  const Ints result = (is_nan ? bits | 0x400000 : rounded) & -0x10000;
  return reinterpret_cast<Vector<Target>>(result);
}

/// Numbers of k in an element of the copies.
template <class Target>
inline constexpr int64_t kElementDepth = Target::kPairs ? 2 : 1;

template <class Target>
FOVEA_INLINE int64_t Elements(int64_t depth) {
  return (depth + kElementDepth<Target> - 1) / kElementDepth<Target>;
}

/// Elements of one row, from `depth` contiguous numbers.
template <class Target>
FOVEA_INLINE void RoundLine(int64_t depth, const float* src, float* dst) {
  constexpr int64_t kWidth = Target::kWidth;
  if constexpr (Target::kPairs) {
    Blocks<Target>(Elements<Target>(depth), [=](int64_t i, auto lanes) {
      const float* first = src + 2 * i;
      const int64_t left = depth - 2 * i;
      const auto part = [=](int64_t from) {
        const int64_t size = left - from < kWidth ? left - from : kWidth;
        return Part<Target>{static_cast<int>(size > 0 ? size : 0)}.Load(first + from);
      };
      lanes.Store(dst + i, Target::InOrder(part(0), part(kWidth)));
    });
  } else {
    Blocks<Target>(depth, [=](int64_t i, auto lanes) {
      lanes.Store(dst + i, ToBfloat16<Target>(lanes.Load(src + i)));
    });
  }
}

/// One element of each of `count` lines: of the numbers at `src` and, in pairs, those `next`
/// further on; 0 where `next` is 0.
template <class Target>
FOVEA_INLINE void RoundAcross(int64_t count, const float* src, int64_t next, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    const Vector<Target> low = lanes.Load(src + i);
    if constexpr (Target::kPairs) {
      const Vector<Target> high = next > 0 ? lanes.Load(src + i + next) : Vector<Target>{};
      lanes.Store(dst + i, Target::Pair(low, high));
    } else {
      lanes.Store(dst + i, ToBfloat16<Target>(low));
    }
  });
}

/// A block whose k are `distance` apart, `count` of them side by side: elements [depth][dst_row].
template <class Target>
FOVEA_INLINE void RoundBlock(int64_t depth, int64_t count, const float* src, int64_t distance,
                             float* dst, int64_t dst_row) {
  for (int64_t k = 0; k < depth; k += kElementDepth<Target>, dst += dst_row) {
    RoundAcross<Target>(count, src + k * distance, k + 1 < depth ? distance : 0, dst);
  }
}

/// Copies the A of `args` for a group of rows and lets args read it, as one block.
template <class Target>
void RoundA(int64_t rows, TileArgs& args, RoundedCopy<Target>& copy) {
  const int64_t block_elements = Elements<Target>(args.depth);
  const int64_t elements = args.blocks * block_elements;
  const bool by_rows = args.a_row != 1 || args.a_depth == 1;
  for (int64_t block = 0; block < args.blocks; ++block) {
    const float* a = args.a + (args.a_offsets ? args.a_offsets[block] : 0);
    const int64_t first = block * block_elements;
    if (!by_rows) {
      RoundBlock<Target>(args.depth, rows, a, args.a_depth, copy.a + first * rows, rows);
      continue;
    }
    for (int64_t row = 0; row < rows; ++row, a += args.a_row) {
      const float* line = a;
      if (args.a_depth != 1) {
        for (int64_t k = 0; k < args.depth; ++k) copy.line[k] = a[k * args.a_depth];
        line = copy.line;
      }
      RoundLine<Target>(args.depth, line, copy.a + row * elements + first);
    }
  }
  args.a = copy.a;
  args.a_offsets = nullptr;
  args.a_row = by_rows ? elements : 1;
  args.a_depth = by_rows ? 1 : rows;
}

/// Copies `cols` columns of the B of `args` into whole vectors.
template <class Target>
void RoundB(int64_t cols, const TileArgs& args, RoundedCopy<Target>& copy) {
  constexpr int64_t kPanel = RoundedCopy<Target>::kPanel;
  const int64_t block_elements = Elements<Target>(args.depth) * kPanel;
  if (cols % Target::kWidth != 0) {  // nothing is left of an earlier panel
    for (int64_t i = 0; i < args.blocks * block_elements; ++i) copy.b[i] = 0;
  }
  for (int64_t block = 0; block < args.blocks; ++block) {
    const float* b = args.b + (args.b_offsets ? args.b_offsets[block] : 0);
    RoundBlock<Target>(args.depth, cols, b, args.b_depth, copy.b + block * block_elements, kPanel);
  }
}

template <class Target>
void RoundedGroup(const Brgemm<float>& g, int64_t rows, TileArgs run, RoundedCopy<Target>& copy) {
  constexpr int64_t kPanel = RoundedCopy<Target>::kPanel;
  TileArgs tiles = run;
  RoundA<Target>(rows, tiles, copy);
  tiles.depth = run.blocks * Elements<Target>(run.depth);
  tiles.blocks = 1;
  tiles.b = copy.b;
  tiles.b_depth = kPanel;
  tiles.b_offsets = nullptr;
  for (int64_t col = 0; col < g.cols; col += kPanel) {
    const int64_t cols = g.cols - col < kPanel ? g.cols - col : kPanel;
    RoundB<Target>(cols, run, copy);
    Panel<Target>(rows, cols, true, tiles);
    run.b += g.b_panel;
    tiles.c += kPanel;
    if (tiles.bias) tiles.bias += kPanel;
  }
}

template <class Target>
void VectorBfloat16Brgemm(const Brgemm<float>& g) {
  if (g.cols == 0) return;   // nobody would read the copy of A
  RoundedCopy<Target> copy;  // 200 KB of stack, touched only where used
  ForGroups<Target>(
      g, [&](int64_t rows, const TileArgs& run) { RoundedGroup<Target>(g, rows, run, copy); });
}

}  // namespace fovea
