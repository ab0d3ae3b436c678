#pragma once

#include "kernels/kernels.h"
#include "kernels/vector.h"

/// Max pooling, a vector of channels at a time.
namespace fovea {

/// The taps of a window along one axis that lie in the image: from `first` to before `last`.
struct Taps {
  int64_t first, last;
};

/// For a window of `size` taps whose tap 0 is at `start` in an image of `extent`.
template <class Target>
FOVEA_INLINE Taps TapsInside(int64_t start, int64_t size, int64_t extent) {
  return {start < 0 ? -start : 0, extent - start < size ? extent - start : size};
}

/// True for windows of 2 x 2 in the image, the commonest: their loops are written out.
template <class Target>
FOVEA_INLINE bool IsTwoByTwo(int64_t kw, Taps rows, Taps cols) {
  return kw == 2 && rows.first == 0 && rows.last == 2 && cols.first == 0 && cols.last == 2;
}

/// One window: src is the place of tap (0, 0), dst and winner are those of the result.
template <class Target>
FOVEA_INLINE void MaxPoolWindow(const MaxPoolArgs<float>& args, int kw, Taps rows, Taps cols,
                                const float* src, float* dst, uint8_t* winner) {
  const int64_t tap_row = args.iw * args.channels;
  Blocks<Target>(args.channels, [=, channels = args.channels](int64_t c, auto lanes) {
    Vector<Target> best = lanes.Load(src + rows.first * tap_row + cols.first * channels + c);
    typename Target::Ints tap = {};
    tap += static_cast<int>(rows.first) * kw + static_cast<int>(cols.first);
    for (int64_t y = rows.first; y < rows.last; ++y) {
      for (int64_t x = cols.first; x < cols.last; ++x) {
        const Vector<Target> value = lanes.Load(src + y * tap_row + x * channels + c);
        // Larger, or the first NaN. The first tap is compared with itself and does not win.
        const typename Target::Ints wins = ~(value <= best) & (best == best);
        best = wins ? value : best;
        const typename Target::Ints none = {};
        tap = wins ? none + (static_cast<int>(y) * kw + static_cast<int>(x)) : tap;
      }
    }
    lanes.Store(dst + c, best);
    lanes.StoreBytes(winner + c, Target::ToBytes(tap));
  });
}

template <class Target>
void VectorMaxPool(const MaxPoolArgs<float>& args) {
  const float* image = args.src;
  float* dst = args.dst;
  uint8_t* winner = args.winner;
  for (int64_t n = 0; n < args.rows; ++n, image += args.ih * args.iw * args.channels) {
    for (int64_t oh = 0; oh < args.oh; ++oh) {
      const int64_t y = oh * args.sh - args.top;
      const Taps rows = TapsInside<Target>(y, args.kh, args.ih);
      for (int64_t ow = 0; ow < args.ow; ++ow, dst += args.channels, winner += args.channels) {
        const int64_t x = ow * args.sw - args.left;
        const Taps cols = TapsInside<Target>(x, args.kw, args.iw);
        const float* src = image + (y * args.iw + x) * args.channels;
        if (IsTwoByTwo<Target>(args.kw, rows, cols)) {
          MaxPoolWindow<Target>(args, 2, {0, 2}, {0, 2}, src, dst, winner);
        } else {
          MaxPoolWindow<Target>(args, static_cast<int>(args.kw), rows, cols, src, dst, winner);
        }
      }
    }
  }
}

/// One window: adds diff_dst to the tap that won and 0 to the others, or overwrites them so where
/// kTiles. `out` is the place of its result.
template <class Target, bool kTiles>
FOVEA_INLINE void MaxPoolWindowBackward(const MaxPoolBackwardArgs<float>& args, int kw, Taps rows,
                                        Taps cols, int64_t out, float* diff_src) {
  const int64_t tap_row = args.iw * args.channels;
  const float* diff_dst = args.diff_dst + out;
  const float* dst = args.dst == nullptr ? nullptr : args.dst + out;
  const uint8_t* winner = args.winner + out;
  Blocks<Target>(args.channels, [=, channels = args.channels](int64_t c, auto lanes) {
    const Vector<Target> zero = {};
    Vector<Target> diff = lanes.Load(diff_dst + c);
    if (dst != nullptr) diff = lanes.Load(dst + c) > zero ? diff : zero;
    const typename Target::Ints tap = Target::ToInts(lanes.LoadBytes(winner + c));
    for (int64_t y = rows.first; y < rows.last; ++y) {
      for (int64_t x = cols.first; x < cols.last; ++x) {
        const typename Target::Ints wins = tap == static_cast<int>(y) * kw + static_cast<int>(x);
        float* to = diff_src + y * tap_row + x * channels + c;
        const Vector<Target> share = wins ? diff : zero;
        lanes.Store(to, kTiles ? share : lanes.Load(to) + share);
      }
    }
  });
}

template <class Target, bool kTiles>
FOVEA_INLINE void MaxPoolBackwardOfRows(const MaxPoolBackwardArgs<float>& args) {
  const int64_t image_size = args.ih * args.iw * args.channels;
  float* image = args.diff_src;
  int64_t out = 0;
  for (int64_t n = 0; n < args.rows; ++n, image += image_size) {
    for (int64_t i = 0; !kTiles && i < image_size; ++i) image[i] = 0;
    for (int64_t oh = 0; oh < args.oh; ++oh) {
      const int64_t y = oh * args.sh - args.top;
      const Taps rows = TapsInside<Target>(y, args.kh, args.ih);
      for (int64_t ow = 0; ow < args.ow; ++ow, out += args.channels) {
        const int64_t x = ow * args.sw - args.left;
        const Taps cols = TapsInside<Target>(x, args.kw, args.iw);
        float* diff_src = image + (y * args.iw + x) * args.channels;
        if (IsTwoByTwo<Target>(args.kw, rows, cols)) {
          MaxPoolWindowBackward<Target, kTiles>(args, 2, {0, 2}, {0, 2}, out, diff_src);
        } else {
          const int kw = static_cast<int>(args.kw);
          MaxPoolWindowBackward<Target, kTiles>(args, kw, rows, cols, out, diff_src);
        }
      }
    }
  }
}

template <class Target>
void VectorMaxPoolBackward(const MaxPoolBackwardArgs<float>& args) {
  // Windows that cover each pixel once.
  const bool rows = args.top == 0 && args.kh == args.sh && args.oh * args.sh == args.ih;
  const bool cols = args.left == 0 && args.kw == args.sw && args.ow * args.sw == args.iw;
  if (rows && cols) return MaxPoolBackwardOfRows<Target, true>(args);
  MaxPoolBackwardOfRows<Target, false>(args);
}

}  // namespace fovea
