#pragma once

#include "kernels/kernels_targets.h"
#include "kernels/winograd.h"

/// Winograd's transforms as they are written in the book: products with the matrices.
namespace fovea {

/// The points but infinity, which is the first.
inline constexpr double kFinitePoints[kWinogradSide] = {0,           0,         kNearPoint,
                                                        -kNearPoint, kFarPoint, -kFarPoint};

/// point^power, for powers up to size - 1; at infinity only the highest power counts.
inline double PointPower(int point, int power, int size) {
  if (point == 0) return power == size - 1 ? 1 : 0;
  double value = 1;
  for (int i = 0; i < power; ++i) value *= kFinitePoints[point];
  return value;
}

/// G, 6 x taps: powers over the product of the differences to the other points.
template <typename T>
T WeightTransform(int point, int tap, int taps) {
  double scale = 1;
  for (int other = 1; point > 0 && other < kWinogradSide; ++other) {
    if (other != point) scale *= kFinitePoints[point] - kFinitePoints[other];
  }
  return T(PointPower(point, tap, taps) / scale);
}

/// B^T, points x points: the coefficients of the product of (x - q) over the other points q, times
/// the differences to the points that a smaller tile lacks, which G divides by.
inline double SrcTransform(int point, int pixel, int points) {
  double coefficients[kWinogradSide] = {1};
  for (int other = 1; other < kWinogradSide; ++other) {
    const double q = kFinitePoints[other];
    if (other == point) continue;
    if (other < points) {
      for (int i = kWinogradSide - 1; i >= 0; --i) {
        coefficients[i] = (i > 0 ? coefficients[i - 1] : 0) - q * coefficients[i];
      }
    } else if (point > 0) {
      for (double& coefficient : coefficients) coefficient *= kFinitePoints[point] - q;
    }
  }
  return coefficients[pixel];
}

template <typename T>
T& At(const WinogradValues<T>& values, int64_t y, int64_t x, int64_t tile, int64_t c) {
  return values
      .data[(y * kWinogradSide + x) * values.point + c / kReferencePanel * values.panel_stride +
            tile * values.tile + c % kReferencePanel];
}

/// The pixel (y, x) of a tile: its element in the images, or -1 outside.
inline int64_t PixelOf(const WinogradTiles& tiles, int64_t tile, int64_t y, int64_t x) {
  tile += tiles.first;
  const int64_t image = tile / (tiles.down * tiles.across);
  y += tile / tiles.across % tiles.down * tiles.tile_height - tiles.top;
  x += tile % tiles.across * tiles.tile_width - tiles.left;
  if (y < 0 || y >= tiles.height || x < 0 || x >= tiles.width) return -1;
  return ((image * tiles.height + y) * tiles.width + x) * tiles.pixel;
}

/// Calls function(y, x) for all of a square or rectangle.
template <typename Function>
void ForEach(int64_t height, int64_t width, Function function) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) function(y, x);
  }
}

/// The same for the points of a tile in the order of sums over them: infinity is the last.
template <typename Function>
void ForEachPoint(int64_t down, int64_t across, Function function) {
  ForEach(down, across, [&](int v, int u) {
    function((v + 1) % static_cast<int>(down), (u + 1) % static_cast<int>(across));
  });
}

template <typename T>
void WinogradSrcReference(const WinogradTiles& tiles, const T* src,
                          const WinogradValues<T>& values) {
  const int down = static_cast<int>(tiles.tile_height + tiles.taps - 1);
  const int across = static_cast<int>(tiles.tile_width + tiles.taps - 1);
  for (int64_t t = 0; t < tiles.count; ++t) {
    for (int64_t c = 0; c < tiles.channels; ++c) {
      ForEach(down, across, [&](int v, int u) {
        T sum = 0;
        ForEach(down, across, [&](int y, int x) {
          const int64_t pixel = PixelOf(tiles, t, y, x);
          if (pixel < 0) return;
          sum += T(SrcTransform(v, y, down) * SrcTransform(u, x, across)) * src[pixel + c];
        });
        At(values, v, u, t, c) = sum;
      });
    }
  }
}

/// A, points x results, of both sides.
template <typename T>
T DstTransform(const WinogradTiles& tiles, int v, int u, int y, int x) {
  return T(PointPower(v, y, static_cast<int>(tiles.tile_height)) *
           PointPower(u, x, static_cast<int>(tiles.tile_width)));
}

template <typename T>
void WinogradDstReference(const WinogradTiles& tiles, const WinogradValues<T>& values,
                          const T* bias, const T* add, bool relu, T* dst) {
  const int64_t down = tiles.tile_height + tiles.taps - 1;
  const int64_t across = tiles.tile_width + tiles.taps - 1;
  for (int64_t t = 0; t < tiles.count; ++t) {
    ForEach(tiles.tile_height, tiles.tile_width, [&](int y, int x) {
      const int64_t pixel = PixelOf(tiles, t, y, x);
      for (int64_t c = 0; c < tiles.channels; ++c) {
        T sum = 0;
        ForEachPoint(down, across, [&](int v, int u) {
          sum += DstTransform<T>(tiles, v, u, y, x) * At(values, v, u, t, c);
        });
        if (bias != nullptr) sum += bias[c];
        if (add != nullptr) sum += add[pixel + c];
        dst[pixel + c] = relu && sum < 0 ? T(0) : sum;
      }
    });
  }
}

template <typename T>
void WinogradDiffDstReference(const WinogradTiles& tiles, const T* diff_dst,
                              const WinogradValues<T>& values) {
  const int64_t down = tiles.tile_height + tiles.taps - 1;
  const int64_t across = tiles.tile_width + tiles.taps - 1;
  for (int64_t t = 0; t < tiles.count; ++t) {
    for (int64_t c = 0; c < tiles.channels; ++c) {
      ForEach(down, across, [&](int v, int u) {
        T sum = 0;
        ForEach(tiles.tile_height, tiles.tile_width, [&](int y, int x) {
          sum += DstTransform<T>(tiles, v, u, y, x) * diff_dst[PixelOf(tiles, t, y, x) + c];
        });
        At(values, v, u, t, c) = sum;
      });
    }
  }
}

template <typename T>
void WinogradWeightsReference(int64_t taps, int64_t ic, int64_t oc, const T* weights,
                              const WinogradValues<T>& values, const WinogradValues<T>& turned) {
  const int r = static_cast<int>(taps);
  for (int64_t i = 0; i < ic; ++i) {
    for (int64_t o = 0; o < oc; ++o) {
      ForEach(kWinogradSide, kWinogradSide, [&](int v, int u) {
        T sum = 0, turned_sum = 0;
        ForEach(r, r, [&](int y, int x) {
          const T scale = WeightTransform<T>(v, y, r) * WeightTransform<T>(u, x, r);
          sum += scale * weights[((y * r + x) * ic + i) * oc + o];
          turned_sum += scale * weights[(((r - 1 - y) * r + r - 1 - x) * ic + i) * oc + o];
        });
        At(values, v, u, i, o) = sum;
        At(turned, v, u, o, i) = turned_sum;
      });
    }
  }
}

template <typename T>
void WinogradDiffWeightsReference(int64_t taps, int64_t ic, int64_t oc,
                                  const WinogradValues<T>& values, int64_t tap_stride,
                                  T* diff_weights) {
  const int r = static_cast<int>(taps);
  for (int64_t i = 0; i < ic; ++i) {
    for (int64_t o = 0; o < oc; ++o) {
      ForEach(r, r, [&](int y, int x) {
        T sum = 0;
        ForEachPoint(kWinogradSide, kWinogradSide, [&](int v, int u) {
          sum += WeightTransform<T>(v, y, r) * WeightTransform<T>(u, x, r) * At(values, v, u, i, o);
        });
        diff_weights[(y * r + x) * tap_stride + i * oc + o] += sum;
      });
    }
  }
}

}  // namespace fovea
