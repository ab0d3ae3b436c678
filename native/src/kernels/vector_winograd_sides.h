#pragma once

#include "kernels/vector.h"
#include "kernels/winograd.h"

/// Winograd's transforms along one side of a tile, a vector of channels at a time: the products
/// with the matrices of reference_winograd.h, factored by the symmetry of the points p, -p and q,
/// -q. Each is a type with kFrom, kTo and Apply(in, out), of kFrom vectors to kTo.
namespace fovea {

inline constexpr float kP = kNearPoint, kP2 = kP * kP, kP3 = kP2 * kP, kP4 = kP2 * kP2;
inline constexpr float kQ = kFarPoint, kQ2 = kQ * kQ, kQ3 = kQ2 * kQ, kQ4 = kQ2 * kQ2;

/// What G divides by, at 0, at p and -p, at q and -q: the differences to the other points,
/// multiplied.
inline constexpr float kScale0 = kP2 * kQ2, kScaleP = 2 * kP2 * (kP2 - kQ2),
                       kScaleQ = 2 * kQ2 * (kQ2 - kP2);

/// B^T d.
template <class Target, int kPoints>
struct SrcPointsSide {
  static constexpr int kFrom = kPoints, kTo = kPoints;

  static FOVEA_INLINE void Apply(const Vector<Target>* d, Vector<Target>* v) {
    if constexpr (kPoints == 3) {
      v[0] = d[2] - kP * d[1];
      v[1] = kP * kQ2 * (kP * d[0] - d[1]);
      v[2] = 2 * kP * (kP2 - kQ2) * d[1];
    } else if constexpr (kPoints == 4) {
      v[0] = d[3] - kP2 * d[1];
      v[1] = kQ2 * (kP2 * d[0] - d[2]);
      v[2] = (kP2 - kQ2) * (d[2] + kP * d[1]);
      v[3] = (kP2 - kQ2) * (d[2] - kP * d[1]);
    } else if constexpr (kPoints == 5) {
      const Vector<Target> odd = kQ * (d[3] - kP2 * d[1]);
      v[0] = d[4] - kP2 * d[2] - odd;
      v[1] = kQ2 * (kP2 * d[0] - d[2]) + odd;
      v[2] = (kQ + kP) * (d[3] - (kQ - kP) * d[2] - kP * kQ * d[1]);
      v[3] = (kQ - kP) * (d[3] - (kQ + kP) * d[2] + kP * kQ * d[1]);
      v[4] = 2.0f * odd;
    } else {
      static_assert(kPoints == 6);
      const Vector<Target> even1 = d[4] - kQ2 * d[2], odd1 = kP * (d[3] - kQ2 * d[1]);
      const Vector<Target> even2 = d[4] - kP2 * d[2], odd2 = kQ * (d[3] - kP2 * d[1]);
      v[0] = kScale0 * d[1] - (kP2 + kQ2) * d[3] + d[5];
      v[1] = kScale0 * d[0] - (kP2 + kQ2) * d[2] + d[4];
      v[2] = even1 + odd1;
      v[3] = even1 - odd1;
      v[4] = even2 + odd2;
      v[5] = even2 - odd2;
    }
  }
};

template <class Target, int kPoints, int kSize>
using SrcSide = SrcPointsSide<Target, kPoints>;

/// A^T m.
template <class Target, int kPoints, int kSize>
struct DstSide {
  static constexpr int kFrom = kPoints, kTo = kSize;

  static FOVEA_INLINE void Apply(const Vector<Target>* m, Vector<Target>* y) {
    Vector<Target> even = m[2], odd = m[2];
    if constexpr (kPoints > 3) {
      even += m[3];
      odd -= m[3];
    }
    y[0] = m[1] + even;
    if constexpr (kSize > 1) y[1] = kP * odd;
    if constexpr (kSize > 2) y[2] = kP2 * even;
    if constexpr (kSize > 3) y[3] = kP3 * odd;
    if constexpr (kPoints > 4) {
      even = odd = m[4];
      if constexpr (kPoints > 5) {
        even += m[5];
        odd -= m[5];
      }
      y[0] += even;
      if constexpr (kSize > 1) y[1] += kQ * odd;
      if constexpr (kSize > 2) y[2] += kQ2 * even;
      if constexpr (kSize > 3) y[3] += kQ3 * odd;
    }
    y[kSize - 1] += m[0];
  }
};

/// A y: the values at the points of the polynomial with the coefficients y.
template <class Target, int kPoints, int kSize>
struct DiffDstSide {
  static constexpr int kFrom = kSize, kTo = kPoints;

  static FOVEA_INLINE void Apply(const Vector<Target>* y, Vector<Target>* v) {
    v[0] = y[kSize - 1];
    v[1] = y[0];
    Vector<Target> even1 = y[0], even2 = y[0], odd1 = {}, odd2 = {};
    if constexpr (kSize > 1) {
      odd1 = kP * y[1];
      odd2 = kQ * y[1];
    }
    if constexpr (kSize > 2) {
      even1 += kP2 * y[2];
      even2 += kQ2 * y[2];
    }
    if constexpr (kSize > 3) {
      odd1 += kP3 * y[3];
      odd2 += kQ3 * y[3];
    }
    if constexpr (kSize > 4) {
      even1 += kP4 * y[4];
      even2 += kQ4 * y[4];
    }
    v[2] = even1 + odd1;
    if constexpr (kPoints > 3) v[3] = even1 - odd1;
    if constexpr (kPoints > 4) v[4] = even2 + odd2;
    if constexpr (kPoints > 5) v[5] = even2 - odd2;
  }
};

/// G g.
template <class Target, int kTaps>
struct WeightSide {
  static constexpr int kFrom = kTaps, kTo = kWinogradSide;

  static FOVEA_INLINE void Apply(const Vector<Target>* g, Vector<Target>* u) {
    DiffDstSide<Target, kWinogradSide, kTaps>::Apply(g, u);
    u[1] *= 1 / kScale0;
    u[2] *= 1 / kScaleP;
    u[3] *= 1 / kScaleP;
    u[4] *= 1 / kScaleQ;
    u[5] *= 1 / kScaleQ;
  }
};

/// G^T u.
template <class Target, int kTaps>
struct DiffWeightSide {
  static constexpr int kFrom = kWinogradSide, kTo = kTaps;

  static FOVEA_INLINE void Apply(const Vector<Target>* u, Vector<Target>* g) {
    const Vector<Target> even1 = (u[2] + u[3]) * (1 / kScaleP),
                         odd1 = (u[2] - u[3]) * (1 / kScaleP);
    const Vector<Target> even2 = (u[4] + u[5]) * (1 / kScaleQ),
                         odd2 = (u[4] - u[5]) * (1 / kScaleQ);
    g[0] = u[1] * (1 / kScale0) + even1 + even2;
    g[1] = kP * odd1 + kQ * odd2;
    g[2] = kP2 * even1 + kQ2 * even2;
    if constexpr (kTaps == 5) {
      g[3] = kP3 * odd1 + kQ3 * odd2;
      g[4] = kP4 * even1 + kQ4 * even2;
    }
    g[kTaps - 1] += u[0];
  }
};

/// Applies a Side kCount times: load(k, i) gives vector k of time i, store(k, i, v) takes it.
template <class Target, class Side, int kCount, typename Load, typename Store>
FOVEA_INLINE void Apply(Load load, Store store) {
  for (int i = 0; i < kCount; ++i) {
    Vector<Target> in[Side::kFrom], out[Side::kTo];
#pragma GCC unroll 6
    for (int k = 0; k < Side::kFrom; ++k) in[k] = load(k, i);
    Side::Apply(in, out);
#pragma GCC unroll 6
    for (int k = 0; k < Side::kTo; ++k) store(k, i, out[k]);
  }
}

/// Applies Down to the columns and then Across to the rows of a rectangle: load(y, x) gives
/// [Down::kFrom, Across::kFrom], store(y, x, v) takes [Down::kTo, Across::kTo].
template <class Target, class Down, class Across, typename Load, typename Store>
FOVEA_INLINE void BothSides(Load load, Store store) {
  Vector<Target> half[Down::kTo][Across::kFrom];
  Apply<Target, Down, Across::kFrom>(load, [&](int y, int x, Vector<Target> v) { half[y][x] = v; });
  Apply<Target, Across, Down::kTo>([&](int x, int y) { return half[y][x]; },
                                   [&](int x, int y, Vector<Target> v) { store(y, x, v); });
}

/// Calls function with the Side of a tile that has `size` results a side.
template <class Target, template <class, int, int> class Side, typename Function>
FOVEA_INLINE void WithSide(int64_t taps, int64_t size, Function function) {
  if (taps == 5) {
    if (size == 2) return function(Side<Target, 6, 2>());
    return function(Side<Target, 5, 1>());
  }
  if (size == 4) return function(Side<Target, 6, 4>());
  if (size == 3) return function(Side<Target, 5, 3>());
  if (size == 2) return function(Side<Target, 4, 2>());
  function(Side<Target, 3, 1>());
}

/// Calls function(down, across) with the Sides of tiles.
template <class Target, template <class, int, int> class Side, typename Function>
FOVEA_INLINE void WithSides(const WinogradTiles& tiles, Function function) {
  WithSide<Target, Side>(tiles.taps, tiles.tile_height, [&](auto down) {
    WithSide<Target, Side>(tiles.taps, tiles.tile_width,
                           [&](auto across) { function(down, across); });
  });
}

}  // namespace fovea
