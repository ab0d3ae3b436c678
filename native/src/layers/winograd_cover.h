#pragma once

#include <array>
#include <cstdint>

#include "kernels/winograd.h"

namespace fovea {

inline int64_t DivideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Tiles that are multiplied together, of up to four sizes; see WinogradCover.
struct WinogradBlock {
  struct Run {
    int64_t first = 0, count = 0;
  };

  std::array<WinogradTiles, 4> kinds;  ///< one after the other; some may be empty

  /// The tiles of the block that take a point: they follow each other.
  Run At(int64_t point) const;
};

/// Covers the results [height, width] of a convolution by tiles: of M x M, M the most that 6 points
/// allow, as many as there is room for; then narrower ones at the right, lower ones at the bottom
/// and a smaller one in the corner, so that no tile has results outside.
///
/// The tiles of all images are divided into blocks. Each takes its share of every kind that is
/// left, so that there are many tiles at each point. The order of the kinds, right, full, bottom,
/// corner, is one in which full height and full width both follow each other: the points of full
/// tiles are those of the second kind, those of full height but not width of the first two, and so
/// on.
class WinogradCover {
 public:
  /// Of `rows` images, and at most `most` tiles a block, or little more.
  WinogradCover(int64_t rows, int64_t height, int64_t width, int64_t taps, int64_t most);

  /// That the tiles along a side of so many results take.
  static int64_t Points(int64_t results, int64_t taps);

  int64_t blocks() const { return blocks_; }
  WinogradBlock Block(int64_t index) const;
  /// At least the tiles of any block, and of those of a cover of fewer rows.
  int64_t largest_block() const { return largest_block_; }

 private:
  std::array<WinogradTiles, 4> kinds_;
  std::array<int64_t, 4> shares_ = {};  ///< of a block; the last may be smaller
  int64_t blocks_ = 0, largest_block_ = 0;
};

}  // namespace fovea
