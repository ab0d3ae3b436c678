#pragma once

#include "kernels/kernels.h"
#include "kernels/vector_tile.h"

/// brgemm for a Target, around the tiles of vector_tile.h.
///
/// Depth is cut into runs of at most kRunDepth, so that a run of a panel of B stays in L1 while it
/// meets a group of rows; rows are cut into groups whose run of A stays in L2 while it meets all
/// panels. A small B stays in L2 as well, so each group goes through all runs and reads its A from
/// end to end; of a large B one run stays in the next cache while all groups go through it. Runs
/// depend on depth and blocks only; each is summed in order and then added to C. So a row's result
/// depends neither on the other rows nor on the other columns.
namespace fovea {

inline constexpr int64_t kRunDepth = 256;
inline constexpr int64_t kGroupRows = 160;
inline constexpr int64_t kSmallB = 64 * 1024;  // elements

/// A run of A, copied for a group of rows so that its elements lie close together. In place they
/// may be a power of two apart and fight for the same places of the caches.
struct GroupCopy {
  alignas(64) float a[kGroupRows * kRunDepth];
  int64_t offsets[kRunDepth];
};

/// Whether B stays in L2 beside a group's run of A.
template <class Target>
FOVEA_INLINE bool IsSmallB(const Brgemm<float>& g) {
  return g.blocks * g.depth * g.cols <= kSmallB;
}

/// Whether a copy pays: the elements are far apart, in one direction they are contiguous, and there
/// are panels enough to use it. Rows that are read in place are read well, so that takes more.
template <class Target>
FOVEA_INLINE bool WantsCopy(const Brgemm<float>& g) {
  const bool far_rows = g.a_depth == 1 && g.a_row >= 256;
  const bool far_depth = g.a_row == 1 && g.a_depth >= 64;
  return (far_rows && g.cols > 16 * Target::kWidth) || (far_depth && g.cols > 4 * Target::kWidth);
}

template <class Target>
FOVEA_INLINE void CopyLines(int64_t lines, int64_t size, const float* src, int64_t src_line,
                            float* dst, int64_t dst_line) {
  constexpr int64_t kAhead = 8, kLine = 16;
  for (int64_t line = 0; line < lines; ++line, src += src_line, dst += dst_line) {
    const float* ahead = line + kAhead < lines ? src + kAhead * src_line : src;
    for (int64_t i = 0; i < size; i += kLine) __builtin_prefetch(ahead + i);
    Blocks<Target>(size, [=](int64_t i, auto lanes) { lanes.Store(dst + i, lanes.Load(src + i)); });
  }
}

/// Copies the A of `args`, keeping its order (rows or columns contiguous), and lets args read it.
template <class Target>
void CopyGroup(int64_t rows, TileArgs& args, GroupCopy& copy) {
  const int64_t row_line = args.blocks * args.depth;
  const bool by_rows = args.a_depth == 1;
  for (int64_t block = 0; block < args.blocks; ++block) {
    const float* a = args.a + (args.a_offsets ? args.a_offsets[block] : 0);
    if (by_rows) {
      copy.offsets[block] = block * args.depth;
      CopyLines<Target>(rows, args.depth, a, args.a_row, copy.a + copy.offsets[block], row_line);
    } else {
      copy.offsets[block] = block * args.depth * rows;
      CopyLines<Target>(args.depth, rows, a, args.a_depth, copy.a + copy.offsets[block], rows);
    }
  }
  args.a = copy.a;
  args.a_offsets = copy.offsets;
  args.a_row = by_rows ? row_line : 1;
  args.a_depth = by_rows ? 1 : rows;
}

/// A group of rows against all panels for one run of depth; see ForGroups.
template <class Target>
void Group(const Brgemm<float>& g, int64_t rows, TileArgs run, GroupCopy& copy) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  if (WantsCopy<Target>(g)) CopyGroup<Target>(rows, run, copy);
  // What few rows would hide is not worth the instructions.
  const bool ahead = !IsSmallB<Target>(g) && run.blocks == 1 && rows > kGroupRows / 2;
  for (int64_t col = 0; col < g.cols; col += kPanel) {
    const int64_t cols = g.cols - col < kPanel ? g.cols - col : kPanel;
    const int64_t offset = run.b_offsets ? *run.b_offsets : 0;
    run.next_b = ahead && cols < g.cols - col ? run.b + offset + g.b_panel : nullptr;
    Panel<Target>(rows, cols, g.b_padded, run);
    run.b += g.b_panel;
    run.c += kPanel;
    if (run.bias) run.bias += kPanel;
  }
}

/// Where part `part` of `parts` nearly equal ones begins. One part is common, and a division slow.
FOVEA_INLINE int64_t Cut(int64_t size, int64_t part, int64_t parts) {
  return parts == 1 ? size * part : size * part / parts;
}

/// Calls group(rows, run) for each run of depth of each group of rows, in the order given above.
/// `run` holds the run's offsets and epilogue, A and C of the group's first row.
template <class Target, typename GroupFunction>
FOVEA_INLINE void ForGroups(const Brgemm<float>& g, GroupFunction group_function) {
  // A run is either some whole blocks or a part of one block.
  const int64_t blocks_per_run = g.depth < kRunDepth && g.depth > 0 ? kRunDepth / g.depth : 1;
  const int64_t block_runs =
      g.blocks > blocks_per_run ? (g.blocks + blocks_per_run - 1) / blocks_per_run : 1;
  const int64_t depth_runs = g.depth > 0 ? (g.depth + kRunDepth - 1) / kRunDepth : 1;
  const int64_t runs = block_runs * depth_runs;
  const int64_t groups = (g.rows + kGroupRows - 1) / kGroupRows;
  const auto one = [&](int64_t run, int64_t group) {
    const int64_t block_run = depth_runs == 1 ? run : run / depth_runs;
    const int64_t depth_run = run - block_run * depth_runs;
    const int64_t block = Cut(g.blocks, block_run, block_runs);
    const int64_t k = Cut(g.depth, depth_run, depth_runs);
    const int64_t first_row = Cut(g.rows, group, groups);
    const bool last = run + 1 == runs;
    group_function(Cut(g.rows, group + 1, groups) - first_row,
                   TileArgs{.depth = Cut(g.depth, depth_run + 1, depth_runs) - k,
                            .blocks = Cut(g.blocks, block_run + 1, block_runs) - block,
                            .a = g.a + first_row * g.a_row + k * g.a_depth,
                            .a_row = g.a_row,
                            .a_depth = g.a_depth,
                            .a_offsets = g.a_offsets ? g.a_offsets + block : nullptr,
                            .b = g.b + k * g.b_depth,
                            .b_depth = g.b_depth,
                            .b_offsets = g.b_offsets ? g.b_offsets + block : nullptr,
                            .next_b = nullptr,
                            .c = g.c + first_row * g.c_row,
                            .c_row = g.c_row,
                            .cols = 0,
                            .accumulate = g.accumulate || run > 0,
                            .bias = last ? g.bias : nullptr,
                            .relu = last && g.relu});
  };
  if (IsSmallB<Target>(g)) {
    for (int64_t group = 0; group < groups; ++group) {
      for (int64_t run = 0; run < runs; ++run) one(run, group);
    }
  } else {
    for (int64_t run = 0; run < runs; ++run) {
      for (int64_t group = 0; group < groups; ++group) one(run, group);
    }
  }
}

template <class Target>
void VectorBrgemm(const Brgemm<float>& g) {
  GroupCopy copy;  // 164 KB of stack, touched only where used
  ForGroups<Target>(g,
                    [&](int64_t rows, const TileArgs& run) { Group<Target>(g, rows, run, copy); });
}

}  // namespace fovea
