#include "layers/winograd_cover.h"

#include <algorithm>

namespace fovea {
namespace {

/// The rows of brgemm's tiles divide it, or nearly.
constexpr int64_t kTilesMultiple = 12;

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
  int64_t all = 0;
  for (const WinogradTiles& tiles : kinds_) all += tiles.count;
  largest_block_ = most;
  for (size_t i = 0; i < kinds_.size(); ++i) {
    const int64_t tiles = kinds_[i].count;
    if (tiles == 0) continue;
    const int64_t share = DivideUp(tiles, DivideUp(all, most));
    shares_[i] = DivideUp(share, kTilesMultiple) * kTilesMultiple;
    blocks_ = std::max(blocks_, DivideUp(tiles, shares_[i]));
    largest_block_ += kTilesMultiple;
  }
  largest_block_ = std::min(largest_block_, all);
}

int64_t WinogradCover::Points(int64_t results, int64_t taps) {
  const int64_t tiles = DivideUp(results, kWinogradSide + 1 - taps);
  return results + tiles * (taps - 1);
}

WinogradBlock WinogradCover::Block(int64_t index) const {
  WinogradBlock block{kinds_};
  for (size_t i = 0; i < kinds_.size(); ++i) {
    WinogradTiles& tiles = block.kinds[i];
    tiles.first = std::min(index * shares_[i], tiles.count);
    tiles.count = std::min(shares_[i], tiles.count - tiles.first);
  }
  return block;
}

}  // namespace fovea
