#pragma once

#include "kernels/vector.h"
#include "kernels/winograd.h"

/// Winograd's transforms, a vector of channels at a time: each is a pass over the columns of a tile
/// into a buffer, then one over its rows. The products with the matrices of reference_winograd.h
/// are factored by the symmetry of the points 1, -1 and 2, -2.
namespace fovea {

/// B^T d.
template <class Target>
FOVEA_INLINE void SrcTransform(const Vector<Target>* d, Vector<Target>* v) {
  const Vector<Target> even1 = d[4] - 4.0f * d[2], odd1 = d[3] - 4.0f * d[1];
  const Vector<Target> even2 = d[4] - d[2], odd2 = 2.0f * (d[3] - d[1]);
  v[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  v[1] = even1 + odd1;
  v[2] = even1 - odd1;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
  v[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

/// A^T m, of kSize results.
template <class Target, int kSize>
FOVEA_INLINE void DstTransform(const Vector<Target>* m, Vector<Target>* y) {
  const Vector<Target> even1 = m[1] + m[2], odd1 = m[1] - m[2];
  const Vector<Target> even2 = m[3] + m[4], odd2 = m[3] - m[4];
  y[0] = m[0] + even1 + even2;
  if constexpr (kSize == 2) {
    y[1] = odd1 + 2.0f * odd2 + m[5];
  } else {
    static_assert(kSize == 4);
    y[1] = odd1 + 2.0f * odd2;
    y[2] = even1 + 4.0f * even2;
    y[3] = odd1 + 8.0f * odd2 + m[5];
  }
}

/// A y: the values at the points of the polynomial with the coefficients y.
template <class Target, int kSize>
FOVEA_INLINE void Evaluate(const Vector<Target>* y, Vector<Target>* v) {
  v[0] = y[0];
  v[5] = y[kSize - 1];
  Vector<Target> even1 = y[0], odd1 = y[1], even2 = y[0], odd2 = 2.0f * y[1];
  if constexpr (kSize > 2) {
    even1 += y[2];
    even2 += 4.0f * y[2];
  }
  if constexpr (kSize > 3) {
    odd1 += y[3];
    odd2 += 8.0f * y[3];
  }
  if constexpr (kSize > 4) {
    even1 += y[4];
    even2 += 16.0f * y[4];
  }
  v[1] = even1 + odd1;
  v[2] = even1 - odd1;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
}

/// G g.
template <class Target, int kTaps>
FOVEA_INLINE void WeightTransform(const Vector<Target>* g, Vector<Target>* u) {
  Evaluate<Target, kTaps>(g, u);
  u[0] *= 1.0f / 4;
  u[1] *= -1.0f / 6;
  u[2] *= -1.0f / 6;
  u[3] *= 1.0f / 24;
  u[4] *= 1.0f / 24;
}

/// G^T u.
template <class Target, int kTaps>
FOVEA_INLINE void WeightTransformBack(const Vector<Target>* u, Vector<Target>* g) {
  const Vector<Target> even1 = (u[1] + u[2]) * (-1.0f / 6), odd1 = (u[1] - u[2]) * (-1.0f / 6);
  const Vector<Target> even2 = (u[3] + u[4]) * (1.0f / 24), odd2 = (u[3] - u[4]) * (1.0f / 24);
  g[0] = u[0] * (1.0f / 4) + even1 + even2;
  g[1] = odd1 + 2.0f * odd2;
  g[2] = even1 + 4.0f * even2;
  if constexpr (kTaps == 5) {
    g[3] = odd1 + 8.0f * odd2;
    g[4] = even1 + 16.0f * even2;
  }
  g[kTaps - 1] += u[5];
}

/// Applies `transform`, of kFrom values to kTo, to the columns and then to the rows of a square:
/// load(y, x) gives [kFrom, kFrom], store(y, x, v) takes [kTo, kTo].
template <class Target, int kFrom, int kTo, typename Load, typename Transform, typename Store>
FOVEA_INLINE void BothSides(Load load, Transform transform, Store store) {
  Vector<Target> half[kTo][kFrom];
#pragma GCC unroll 6
  for (int x = 0; x < kFrom; ++x) {
    Vector<Target> in[kFrom], out[kTo];
#pragma GCC unroll 6
    for (int y = 0; y < kFrom; ++y) in[y] = load(y, x);
    transform(in, out);
#pragma GCC unroll 6
    for (int y = 0; y < kTo; ++y) half[y][x] = out[y];
  }
#pragma GCC unroll 6
  for (int y = 0; y < kTo; ++y) {
    Vector<Target> out[kTo];
    transform(half[y], out);
#pragma GCC unroll 6
    for (int x = 0; x < kTo; ++x) store(y, x, out[x]);
  }
}

/// A tile's place: the element of its pixel (0, 0), which may be outside, and the pixels
/// [first_y, last_y) x [first_x, last_x) of the tile that are inside the image.
struct TilePlace {
  int64_t origin;
  int64_t first_y, last_y, first_x, last_x;

  template <class Target>
  FOVEA_INLINE bool Holds(int64_t y, int64_t x) const {
    return y >= first_y && y < last_y && x >= first_x && x < last_x;
  }
};

/// The places of the tiles of a call, one after the other, `size` pixels a side.
template <class Target>
class TilePlaces {
 public:
  FOVEA_INLINE TilePlaces(const WinogradTiles& tiles, int64_t size)
      : tiles_(tiles),
        size_(size),
        image_(tiles.first / (tiles.down * tiles.across)),
        down_(tiles.first / tiles.across % tiles.down),
        across_(tiles.first % tiles.across) {}

  FOVEA_INLINE TilePlace Next() {
    const int64_t y = down_ * tiles_.step - tiles_.top;
    const int64_t x = across_ * tiles_.step - tiles_.left;
    const int64_t below = tiles_.height - y, right = tiles_.width - x;
    const TilePlace place{((image_ * tiles_.height + y) * tiles_.width + x) * tiles_.pixel,
                          y < 0 ? -y : 0, below < size_ ? below : size_, x < 0 ? -x : 0,
                          right < size_ ? right : size_};
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
  int64_t size_, image_, down_, across_;
};

/// Where the values of tile t begin for the vector that starts at channel c.
template <class Target>
FOVEA_INLINE float* ValuesAt(const WinogradValues<float>& values, int64_t t, int64_t c) {
  constexpr int64_t kPanel = 2 * Target::kWidth;
  return values.data + c / kPanel * values.panel_stride + t * values.tile + c % kPanel;
}

/// kFrom x kFrom pixels of every tile to the values at the points.
template <class Target, int kFrom, typename Transform>
FOVEA_INLINE void TilesToValues(const WinogradTiles& tiles, const float* pixels,
                                const WinogradValues<float>& values, Transform transform) {
  const int64_t row = tiles.width * tiles.pixel, pixel = tiles.pixel, point = values.point;
  TilePlaces<Target> places(tiles, kFrom);
  for (int64_t t = 0; t < tiles.count; ++t) {
    const TilePlace place = places.Next();
    const bool inside =
        place.first_y == 0 && place.first_x == 0 && place.last_y == kFrom && place.last_x == kFrom;
    const float* tile = pixels + place.origin;
    Blocks<Target>(tiles.channels, [=](int64_t c, auto lanes) {
      const float* from = tile + c;
      float* to = ValuesAt<Target>(values, t, c);
      const auto load = [=](int y, int x) { return lanes.Load(from + y * row + x * pixel); };
      const auto store = [=](int y, int x, Vector<Target> v) {
        lanes.Store(to + (y * kWinogradSide + x) * point, v);
      };
      if (inside) {
        BothSides<Target, kFrom, kWinogradSide>(load, transform, store);
      } else {
        BothSides<Target, kFrom, kWinogradSide>(
            [=](int y, int x) { return place.Holds<Target>(y, x) ? load(y, x) : Vector<Target>{}; },
            transform, store);
      }
    });
  }
}

template <class Target>
void VectorWinogradSrc(const WinogradTiles& tiles, const float* src,
                       const WinogradValues<float>& values) {
  TilesToValues<Target, kWinogradSide>(
      tiles, src, values,
      [](const Vector<Target>* in, Vector<Target>* out) { SrcTransform<Target>(in, out); });
}

template <class Target>
void VectorWinogradDiffDst(const WinogradTiles& tiles, const float* diff_dst,
                           const WinogradValues<float>& values) {
  if (tiles.step == 2) {
    TilesToValues<Target, 2>(
        tiles, diff_dst, values,
        [](const Vector<Target>* in, Vector<Target>* out) { Evaluate<Target, 2>(in, out); });
  } else {
    TilesToValues<Target, 4>(
        tiles, diff_dst, values,
        [](const Vector<Target>* in, Vector<Target>* out) { Evaluate<Target, 4>(in, out); });
  }
}

template <class Target, int kSize>
void ValuesToTiles(const WinogradTiles& tiles, const WinogradValues<float>& values,
                   const float* bias, const float* add, bool relu, float* dst) {
  const int64_t row = tiles.width * tiles.pixel, pixel = tiles.pixel, point = values.point;
  const Vector<Target> lowest = Splat<Target>(relu ? 0.0f : -__builtin_inff());
  TilePlaces<Target> places(tiles, kSize);
  for (int64_t t = 0; t < tiles.count; ++t) {
    const TilePlace place = places.Next();
    const bool inside = place.last_y == kSize && place.last_x == kSize;
    float* origin = dst + place.origin;
    const float* add_origin = add + (add ? place.origin : 0);
    Blocks<Target>(tiles.channels, [=](int64_t c, auto lanes) {
      const float* from = ValuesAt<Target>(values, t, c);
      const Vector<Target> shift = bias ? lanes.Load(bias + c) : Vector<Target>{};
      BothSides<Target, kWinogradSide, kSize>(
          [=](int y, int x) { return lanes.Load(from + (y * kWinogradSide + x) * point); },
          [](const Vector<Target>* in, Vector<Target>* out) {
            DstTransform<Target, kSize>(in, out);
          },
          [=](int y, int x, Vector<Target> v) {
            if (!inside && !place.Holds<Target>(y, x)) return;
            const int64_t at = y * row + x * pixel + c;
            v += shift;
            if (add) v += lanes.Load(add_origin + at);
            lanes.Store(origin + at, lowest > v ? lowest : v);
          });
    });
  }
}

template <class Target>
void VectorWinogradDst(const WinogradTiles& tiles, const WinogradValues<float>& values,
                       const float* bias, const float* add, bool relu, float* dst) {
  if (tiles.step == 2) return ValuesToTiles<Target, 2>(tiles, values, bias, add, relu, dst);
  ValuesToTiles<Target, 4>(tiles, values, bias, add, relu, dst);
}

/// kTaps x kTaps weights [ic, oc] each to the values at the points, tile i being channel i of src.
template <class Target, int kTaps>
void WeightsToValues(int64_t ic, int64_t oc, const float* weights,
                     const WinogradValues<float>& values) {
  const int64_t point = values.point;
  for (int64_t i = 0; i < ic; ++i) {
    Blocks<Target>(oc, [=](int64_t o, auto lanes) {
      const float* from = weights + i * oc + o;
      float* to = ValuesAt<Target>(values, i, o);
      BothSides<Target, kTaps, kWinogradSide>(
          [=](int y, int x) { return lanes.Load(from + (y * kTaps + x) * ic * oc); },
          [](const Vector<Target>* in, Vector<Target>* out) {
            WeightTransform<Target, kTaps>(in, out);
          },
          [=](int y, int x, Vector<Target> v) {
            lanes.Store(to + (y * kWinogradSide + x) * point, v);
          });
    });
  }
}

template <class Target>
void VectorWinogradWeights(int64_t taps, int64_t ic, int64_t oc, const float* weights,
                           const WinogradValues<float>& values) {
  if (taps == 5) return WeightsToValues<Target, 5>(ic, oc, weights, values);
  WeightsToValues<Target, 3>(ic, oc, weights, values);
}

template <class Target, int kTaps>
void ValuesToDiffWeights(int64_t ic, int64_t oc, const WinogradValues<float>& values,
                         int64_t tap_stride, float* diff_weights) {
  const int64_t point = values.point;
  for (int64_t i = 0; i < ic; ++i) {
    Blocks<Target>(oc, [=](int64_t o, auto lanes) {
      const float* from = ValuesAt<Target>(values, i, o);
      float* to = diff_weights + i * oc + o;
      BothSides<Target, kWinogradSide, kTaps>(
          [=](int y, int x) { return lanes.Load(from + (y * kWinogradSide + x) * point); },
          [](const Vector<Target>* in, Vector<Target>* out) {
            WeightTransformBack<Target, kTaps>(in, out);
          },
          [=](int y, int x, Vector<Target> v) {
            float* at = to + (y * kTaps + x) * tap_stride;
            lanes.Store(at, lanes.Load(at) + v);
          });
    });
  }
}

template <class Target>
void VectorWinogradDiffWeights(int64_t taps, int64_t ic, int64_t oc,
                               const WinogradValues<float>& values, int64_t tap_stride,
                               float* diff_weights) {
  if (taps == 5) {
    return ValuesToDiffWeights<Target, 5>(ic, oc, values, tap_stride, diff_weights);
  }
  ValuesToDiffWeights<Target, 3>(ic, oc, values, tap_stride, diff_weights);
}

}  // namespace fovea
