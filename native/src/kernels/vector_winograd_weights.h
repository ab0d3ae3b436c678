#pragma once

#include "kernels/vector_transpose.h"
#include "kernels/vector_winograd.h"

/// Winograd's transforms of weights and of their gradients.
namespace fovea {

/// The taps of kWidth channels of src, a vector of channels of dst each; and back to front, of
/// kWidth channels of dst and a vector of those of src.
template <class Target, int kTaps>
using TapsBlock = Vector<Target>[kTaps * kTaps][Target::kWidth];

template <class Target, int kTaps, typename Load, typename Lanes>
FOVEA_INLINE void WeightToValues(Load load, Lanes lanes, int64_t point, float* to) {
  BothSides<Target, WeightSide<Target, kTaps>, WeightSide<Target, kTaps>>(
      load, [=](int y, int x, Vector<Target> v) {
        lanes.Store(to + (y * kWinogradSide + x) * point, v);
      });
}

/// The values of the first `count` channels of src from i on, and of some channels of dst from o
/// on. The other channels of the block become 0.
template <class Target, int kTaps, typename Lanes>
void ReadWeights(int64_t ic, int64_t oc, const float* weights, int64_t i, int64_t count, int64_t o,
                 Lanes lanes, const WinogradValues<float>& values,
                 TapsBlock<Target, kTaps>& block) {
  for (int k = 0; k < Target::kWidth; ++k) {
    const float* from = weights + (i + k) * oc + o;
    for (int tap = 0; tap < kTaps * kTaps; ++tap) {
      block[tap][k] = k < count ? lanes.Load(from + tap * ic * oc) : Vector<Target>{};
    }
    if (k < count) {
      WeightToValues<Target, kTaps>([&](int y, int x) { return block[y * kTaps + x][k]; }, lanes,
                                    values.point, ValuesAt<Target>(values, i + k, o));
    }
  }
}

/// The values of the weights of a block turned by 180 degrees and transposed.
template <class Target, int kTaps, typename Lanes>
void TurnWeights(TapsBlock<Target, kTaps>& block, int64_t i, Lanes lanes, int64_t o, int64_t count,
                 const WinogradValues<float>& turned) {
  for (int tap = 0; tap < kTaps * kTaps; ++tap) Transpose<Target>(block[tap]);
  for (int64_t k = 0; k < count; ++k) {
    WeightToValues<Target, kTaps>(
        [&](int y, int x) { return block[kTaps * kTaps - 1 - (y * kTaps + x)][k]; }, lanes,
        turned.point, ValuesAt<Target>(turned, o + k, i));
  }
}

/// A panel of channels of src at a time, so that lines of `turned` are written as a whole.
template <class Target, int kTaps>
void WeightsToValues(int64_t ic, int64_t oc, const float* weights,
                     const WinogradValues<float>& values, const WinogradValues<float>& turned) {
  constexpr int64_t kWidth = Target::kWidth, kPanel = 2 * kWidth;
  TapsBlock<Target, kTaps> block;
  for (int64_t first = 0; first < ic; first += kPanel) {
    const int64_t channels = ic - first < kPanel ? ic - first : kPanel;
    Blocks<Target>(oc, [&](int64_t o, auto dst_lanes) {
      const int64_t count = oc - o < kWidth ? oc - o : kWidth;
      Blocks<Target>(channels, [&](int64_t c, auto src_lanes) {
        const int64_t i = first + c;
        ReadWeights<Target, kTaps>(ic, oc, weights, i, ic - i, o, dst_lanes, values, block);
        TurnWeights<Target, kTaps>(block, i, src_lanes, o, count, turned);
      });
    });
  }
}

template <class Target>
void VectorWinogradWeights(int64_t taps, int64_t ic, int64_t oc, const float* weights,
                           const WinogradValues<float>& values,
                           const WinogradValues<float>& turned) {
  if (taps == 5) return WeightsToValues<Target, 5>(ic, oc, weights, values, turned);
  WeightsToValues<Target, 3>(ic, oc, weights, values, turned);
}

template <class Target, int kTaps>
void ValuesToDiffWeights(int64_t ic, int64_t oc, const WinogradValues<float>& values,
                         int64_t tap_stride, float* diff_weights) {
  const int64_t point = values.point;
  for (int64_t i = 0; i < ic; ++i) {
    Blocks<Target>(oc, [=](int64_t o, auto lanes) {
      const float* from = ValuesAt<Target>(values, i, o);
      float* to = diff_weights + i * oc + o;
      BothSides<Target, DiffWeightSide<Target, kTaps>, DiffWeightSide<Target, kTaps>>(
          [=](int y, int x) { return lanes.Load(from + (y * kWinogradSide + x) * point); },
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
