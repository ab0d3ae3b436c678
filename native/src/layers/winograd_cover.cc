#include "layers/winograd_cover.h"

#include <algorithm>

namespace fovea {
namespace {

/// The rows of brgemm's tiles divide it, or nearly.
constexpr int64_t kTilesMultiple = 12;

int64_t DivideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Tiles in a share of so many of one kind, of `shares`; the last share has fewer.
int64_t Share(int64_t tiles, int64_t shares) {
  return DivideUp(DivideUp(tiles, shares), kTilesMultiple) * kTilesMultiple;
}

bool Takes(const WinogradTiles& tiles, int64_t point) {
  return point / kWinogradSide < tiles.tile_height + tiles.taps - 1 &&
         point % kWinogradSide < tiles.tile_width + tiles.taps - 1;
}

}  // namespace

WinogradBlock::Run WinogradBlock::At(int64_t point) const {
  Run run;
  int64_t first = 0;
  for (const WinogradTiles& tiles : kinds) {
    if (tiles.count > 0 && Takes(tiles, point)) {
      if (run.count == 0) run.first = first;
      run.count += tiles.count;
    }
    first += tiles.count;
  }
  return run;
}

WinogradCover::WinogradCover(int64_t rows, int64_t height, int64_t width, int64_t taps,
                             int64_t most) {
  const int64_t size = kWinogradSide + 1 - taps;
  const int64_t down = height / size, across = width / size;
  const int64_t rest_down = height % size, rest_across = width % size;
  const auto kind = [&](bool full_height, bool full_width) {
    WinogradTiles tiles;
    tiles.taps = taps;
    tiles.down = full_height ? down : rest_down > 0;
    tiles.across = full_width ? across : rest_across > 0;
    tiles.count = rows * tiles.down * tiles.across;
    tiles.tile_height = full_height ? size : rest_down;
    tiles.tile_width = full_width ? size : rest_across;
    tiles.top = full_height ? 0 : -down * size;
    tiles.left = full_width ? 0 : -across * size;
    return tiles;
  };
  kinds_ = {kind(true, false), kind(true, true), kind(false, true), kind(false, false)};
  int64_t all = 0, more = 0;
  for (const WinogradTiles& tiles : kinds_) {
    all += tiles.count;
    if (tiles.count > 0) more += kTilesMultiple;
  }
  blocks_ = DivideUp(all, most);
  largest_block_ = std::min(all, most + more);
}

WinogradBlock WinogradCover::Block(int64_t index) const {
  WinogradBlock block{kinds_};
  for (WinogradTiles& tiles : block.kinds) {
    const int64_t share = Share(tiles.count, blocks_);
    const int64_t first = std::min(index * share, tiles.count);
    tiles.first = first;
    tiles.count = std::min(share, tiles.count - first);
  }
  return block;
}

}  // namespace fovea
