#include "layers/winograd_cover.h"

#include <gtest/gtest.h>

#include <vector>

namespace fovea {
namespace {

/// Adds one to each result of the tiles; fails where one lies outside.
void Count(const WinogradTiles& tiles, int64_t height, int64_t width, std::vector<int>* results) {
  for (int64_t t = tiles.first; t < tiles.first + tiles.count; ++t) {
    const int64_t image = t / (tiles.down * tiles.across);
    const int64_t top = t / tiles.across % tiles.down * tiles.tile_height - tiles.top;
    const int64_t left = t % tiles.across * tiles.tile_width - tiles.left;
    for (int64_t y = top; y < top + tiles.tile_height; ++y) {
      for (int64_t x = left; x < left + tiles.tile_width; ++x) {
        ASSERT_TRUE(y >= 0 && y < height && x >= 0 && x < width);
        ++results->at((image * height + y) * width + x);
      }
    }
  }
}

/// Whether the tiles of a block's run are those that have the point.
bool IsRunOf(const WinogradBlock& block, int64_t point) {
  const WinogradBlock::Run run = block.At(point);
  int64_t tile = 0, with = 0;
  for (const WinogradTiles& kind : block.kinds) {
    const bool has =
        point / 6 < kind.tile_height + kind.taps - 1 && point % 6 < kind.tile_width + kind.taps - 1;
    for (int64_t t = 0; t < kind.count; ++t, ++tile) {
      const bool inside = tile >= run.first && tile < run.first + run.count;
      if (has != inside) return false;
      with += has;
    }
  }
  return with == run.count;
}

TEST(WinogradCoverTest, coversEachResultOnceInBlocksThatAreNotTooLarge) {
  for (const int64_t taps : {3, 5}) {
    for (const int64_t rows : {1, 2, 9}) {
      for (int64_t height = 1; height <= 14; ++height) {
        for (int64_t width = 1; width <= 14; ++width) {
          const WinogradCover cover(rows, height, width, taps, 48);
          std::vector<int> results(rows * height * width);
          for (int64_t index = 0; index < cover.blocks(); ++index) {
            const WinogradBlock block = cover.Block(index);
            int64_t tiles = 0;
            for (const WinogradTiles& kind : block.kinds) {
              Count(kind, height, width, &results);
              tiles += kind.count;
            }
            EXPECT_GT(tiles, 0);
            EXPECT_LE(tiles, cover.largest_block());
            for (int64_t point = 0; point < kWinogradPoints; ++point) {
              EXPECT_TRUE(IsRunOf(block, point));
            }
          }
          EXPECT_EQ(results, std::vector<int>(results.size(), 1)) << height << " x " << width;
        }
      }
    }
  }
}

/// 13 results are 4 + 4 + 4 + 1, which take 6 + 6 + 6 + 3 points; 6 are 4 + 2, and take 6 + 4.
TEST(WinogradCoverTest, takesFewerPointsAtTheEdges) {
  const WinogradBlock block = WinogradCover(1, 13, 6, 3, 48).Block(0);
  int64_t products = 0;
  for (int64_t point = 0; point < kWinogradPoints; ++point) products += block.At(point).count;
  EXPECT_EQ(products, 21 * 10);
  EXPECT_EQ(WinogradCover::Points(13, 3), 21);
  EXPECT_EQ(WinogradCover::Points(6, 3), 10);
  EXPECT_EQ(WinogradCover::Points(7, 5), 6 + 6 + 6 + 5);
}

}  // namespace
}  // namespace fovea
