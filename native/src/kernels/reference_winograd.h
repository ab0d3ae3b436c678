#pragma once

#include <algorithm>
#include <array>

#include "kernels/winograd.h"

/// Winograd's transforms as they are written in the book: products with the matrices.
namespace fovea {

inline constexpr int64_t kReferencePanel = 16;

/// B^T, 6 x 6.
inline constexpr std::array<std::array<int, 6>, 6> kSrcTransform = {{{4, 0, -5, 0, 1, 0},
                                                                     {0, -4, -4, 1, 1, 0},
                                                                     {0, 4, -4, -1, 1, 0},
                                                                     {0, -2, -1, 2, 1, 0},
                                                                     {0, 2, -1, -2, 1, 0},
                                                                     {0, 4, 0, -5, 0, 1}}};

/// point^power, for the points 0, 1, -1, 2, -2, infinity and powers up to size - 1; at infinity
/// only the highest power counts.
inline double PointPower(int point, int power, int size) {
  constexpr double kPoints[] = {0, 1, -1, 2, -2};
  if (point == 5) return power == size - 1 ? 1 : 0;
  double value = 1;
  for (int i = 0; i < power; ++i) value *= kPoints[point];
  return value;
}

/// G, 6 x taps: powers over the product of the differences to the other points.
template <typename T>
T WeightTransform(int point, int tap, int taps) {
  constexpr double kScale[] = {4, -6, -6, 24, 24, 1};
  return T(PointPower(point, tap, taps) / kScale[point]);
}

template <typename T>
T& At(const WinogradValues<T>& values, int64_t point, int64_t tile, int64_t c) {
  return values.data[point * values.point + c / kReferencePanel * values.panel_stride +
                     tile * values.tile + c % kReferencePanel];
}

/// The pixel (y, x) of a tile: its element in the images, or -1 outside.
inline int64_t PixelOf(const WinogradTiles& tiles, int64_t tile, int64_t y, int64_t x) {
  tile += tiles.first;
  const int64_t image = tile / (tiles.down * tiles.across);
  y += tile / tiles.across % tiles.down * tiles.step - tiles.top;
  x += tile % tiles.across * tiles.step - tiles.left;
  if (y < 0 || y >= tiles.height || x < 0 || x >= tiles.width) return -1;
  return ((image * tiles.height + y) * tiles.width + x) * tiles.pixel;
}

template <typename T>
void WinogradSrcReference(const WinogradTiles& tiles, const T* src,
                          const WinogradValues<T>& values) {
  for (int64_t t = 0; t < tiles.count; ++t) {
    for (int64_t c = 0; c < tiles.channels; ++c) {
      for (int p = 0; p < kWinogradPoints; ++p) {
        T sum = 0;
        for (int i = 0; i < kWinogradPoints; ++i) {
          const int64_t pixel = PixelOf(tiles, t, i / 6, i % 6);
          if (pixel < 0) continue;
          sum += T(kSrcTransform[p / 6][i / 6] * kSrcTransform[p % 6][i % 6]) * src[pixel + c];
        }
        At(values, p, t, c) = sum;
      }
    }
  }
}

template <typename T>
void WinogradDstReference(const WinogradTiles& tiles, const WinogradValues<T>& values,
                          const T* bias, const T* add, bool relu, T* dst) {
  const int size = static_cast<int>(tiles.step);
  for (int64_t t = 0; t < tiles.count; ++t) {
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const int64_t pixel = PixelOf(tiles, t, y, x);
        if (pixel < 0) continue;
        for (int64_t c = 0; c < tiles.channels; ++c) {
          T sum = 0;
          for (int p = 0; p < kWinogradPoints; ++p) {
            sum += T(PointPower(p / 6, y, size) * PointPower(p % 6, x, size)) * At(values, p, t, c);
          }
          if (bias != nullptr) sum += bias[c];
          if (add != nullptr) sum += add[pixel + c];
          dst[pixel + c] = relu && sum < 0 ? T(0) : sum;
        }
      }
    }
  }
}

template <typename T>
void WinogradDiffDstReference(const WinogradTiles& tiles, const T* diff_dst,
                              const WinogradValues<T>& values) {
  const int size = static_cast<int>(tiles.step);
  for (int64_t t = 0; t < tiles.count; ++t) {
    for (int64_t c = 0; c < tiles.channels; ++c) {
      for (int p = 0; p < kWinogradPoints; ++p) {
        T sum = 0;
        for (int i = 0; i < size * size; ++i) {
          const int64_t pixel = PixelOf(tiles, t, i / size, i % size);
          if (pixel < 0) continue;
          sum += T(PointPower(p / 6, i / size, size) * PointPower(p % 6, i % size, size)) *
                 diff_dst[pixel + c];
        }
        At(values, p, t, c) = sum;
      }
    }
  }
}

template <typename T>
void WinogradWeightsReference(int64_t taps, int64_t ic, int64_t oc, const T* weights,
                              const WinogradValues<T>& values) {
  const int r = static_cast<int>(taps);
  for (int64_t i = 0; i < ic; ++i) {
    for (int64_t o = 0; o < oc; ++o) {
      for (int p = 0; p < kWinogradPoints; ++p) {
        T sum = 0;
        for (int k = 0; k < r * r; ++k) {
          sum += WeightTransform<T>(p / 6, k / r, r) * WeightTransform<T>(p % 6, k % r, r) *
                 weights[(k * ic + i) * oc + o];
        }
        At(values, p, i, o) = sum;
      }
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
      for (int k = 0; k < r * r; ++k) {
        T sum = 0;
        for (int p = 0; p < kWinogradPoints; ++p) {
          sum += WeightTransform<T>(p / 6, k / r, r) * WeightTransform<T>(p % 6, k % r, r) *
                 At(values, p, i, o);
        }
        diff_weights[k * tap_stride + i * oc + o] += sum;
      }
    }
  }
}

}  // namespace fovea
