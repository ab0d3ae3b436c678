#pragma once

#include "kernels/vector_winograd_sides.h"

/// Winograd's transforms, a vector of channels at a time: each is a pass over the columns of a tile
/// into a buffer, then one over its rows.
namespace fovea {

/// A tile's place: the element of its pixel (0, 0), which may be outside, the pixels
/// [first_y, last_y) x [first_x, last_x) of the tile that are inside the image, and whether all
/// are.
struct TilePlace {
  int64_t origin;
  int64_t first_y, last_y, first_x, last_x;
  bool inside;

  template <class Target>
  FOVEA_INLINE bool Holds(int64_t y, int64_t x) const {
    return y >= first_y && y < last_y && x >= first_x && x < last_x;
  }
};

/// The places of the tiles of a call, one after the other, each of `height` x `width` pixels.
template <class Target>
class TilePlaces {
 public:
  FOVEA_INLINE TilePlaces(const WinogradTiles& tiles, int64_t height, int64_t width)
      : tiles_(tiles),
        height_(height),
        width_(width),
        image_(tiles.first / (tiles.down * tiles.across)),
        down_(tiles.first / tiles.across % tiles.down),
        across_(tiles.first % tiles.across) {}

  FOVEA_INLINE TilePlace Next() {
    const int64_t y = down_ * tiles_.tile_height - tiles_.top;
    const int64_t x = across_ * tiles_.tile_width - tiles_.left;
    const int64_t below = tiles_.height - y, right = tiles_.width - x;
    const TilePlace place{((image_ * tiles_.height + y) * tiles_.width + x) * tiles_.pixel,
                          y < 0 ? -y : 0,
                          below < height_ ? below : height_,
                          x < 0 ? -x : 0,
                          right < width_ ? right : width_,
                          y >= 0 && x >= 0 && below >= height_ && right >= width_};
    if (++across_ == tiles_.across) {
      across_ = 0;
      if (++down_ == tiles_.down) {
        down_ = 0;
        ++image_;
      }
    }
    return place;
  }

 private:
  const WinogradTiles& tiles_;
  int64_t height_, width_, image_, down_, across_;
};

/// Where the values of tile t begin for the vector that starts at channel c.
template <class Target>
FOVEA_INLINE float* ValuesAt(const WinogradValues<float>& values, int64_t t, int64_t c) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  return values.data + c / kPanel * values.panel_stride + t * values.tile + c % kPanel;
}

template <class Target, class Down, class Across>
void SrcToValues(const WinogradTiles& tiles, const float* src,
                 const WinogradValues<float>& values) {
  const int64_t row = tiles.width * tiles.pixel, pixel = tiles.pixel, point = values.point;
  TilePlaces<Target> places(tiles, Down::kFrom, Across::kFrom);
  for (int64_t t = 0; t < tiles.count; ++t) {
    const TilePlace place = places.Next();
    const float* tile = src + place.origin;
    Blocks<Target>(tiles.channels, [=](int64_t c, auto lanes) {
      const float* from = tile + c;
      float* to = ValuesAt<Target>(values, t, c);
      const auto load = [=](int y, int x) { return lanes.Load(from + y * row + x * pixel); };
      const auto store = [=](int y, int x, Vector<Target> v) {
        lanes.Store(to + (y * kWinogradSide + x) * point, v);
      };
      // Smaller tiles lie at the border: most of them reach beyond it.
      if constexpr (Down::kFrom == kWinogradSide && Across::kFrom == kWinogradSide) {
        if (place.inside) return BothSides<Target, Down, Across>(load, store);
      }
      BothSides<Target, Down, Across>(
          [=](int y, int x) { return place.Holds<Target>(y, x) ? load(y, x) : Vector<Target>{}; },
          store);
    });
  }
}

template <class Target>
void VectorWinogradSrc(const WinogradTiles& tiles, const float* src,
                       const WinogradValues<float>& values) {
  WithSides<Target, SrcSide>(tiles, [&](auto down, auto across) {
    SrcToValues<Target, decltype(down), decltype(across)>(tiles, src, values);
  });
}

template <class Target, class Down, class Across>
void DiffDstToValues(const WinogradTiles& tiles, const float* diff_dst,
                     const WinogradValues<float>& values) {
  const int64_t row = tiles.width * tiles.pixel, pixel = tiles.pixel, point = values.point;
  TilePlaces<Target> places(tiles, Down::kFrom, Across::kFrom);
  for (int64_t t = 0; t < tiles.count; ++t) {
    const float* tile = diff_dst + places.Next().origin;
    Blocks<Target>(tiles.channels, [=](int64_t c, auto lanes) {
      const float* from = tile + c;
      float* to = ValuesAt<Target>(values, t, c);
      BothSides<Target, Down, Across>(
          [=](int y, int x) { return lanes.Load(from + y * row + x * pixel); },
          [=](int y, int x, Vector<Target> v) {
            lanes.Store(to + (y * kWinogradSide + x) * point, v);
          });
    });
  }
}

template <class Target>
void VectorWinogradDiffDst(const WinogradTiles& tiles, const float* diff_dst,
                           const WinogradValues<float>& values) {
  WithSides<Target, DiffDstSide>(tiles, [&](auto down, auto across) {
    DiffDstToValues<Target, decltype(down), decltype(across)>(tiles, diff_dst, values);
  });
}

template <class Target, class Down, class Across>
void ValuesToTiles(const WinogradTiles& tiles, const WinogradValues<float>& values,
                   const float* bias, const float* add, bool relu, float* dst) {
  const int64_t row = tiles.width * tiles.pixel, pixel = tiles.pixel, point = values.point;
  const Vector<Target> lowest = Splat<Target>(relu ? 0.0f : -__builtin_inff());
  TilePlaces<Target> places(tiles, Down::kTo, Across::kTo);
  for (int64_t t = 0; t < tiles.count; ++t) {
    const int64_t origin = places.Next().origin;
    Blocks<Target>(tiles.channels, [=](int64_t c, auto lanes) {
      const float* from = ValuesAt<Target>(values, t, c);
      const Vector<Target> shift = bias ? lanes.Load(bias + c) : Vector<Target>{};
      BothSides<Target, Down, Across>(
          [=](int y, int x) { return lanes.Load(from + (y * kWinogradSide + x) * point); },
          [=](int y, int x, Vector<Target> v) {
            const int64_t at = origin + y * row + x * pixel + c;
            v += shift;
            if (add) v += lanes.Load(add + at);
            lanes.Store(dst + at, lowest > v ? lowest : v);
          });
    });
  }
}

template <class Target>
void VectorWinogradDst(const WinogradTiles& tiles, const WinogradValues<float>& values,
                       const float* bias, const float* add, bool relu, float* dst) {
  WithSides<Target, DstSide>(tiles, [&](auto down, auto across) {
    ValuesToTiles<Target, decltype(down), decltype(across)>(tiles, values, bias, add, relu, dst);
  });
}

}  // namespace fovea
