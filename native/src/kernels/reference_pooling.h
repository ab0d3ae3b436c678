#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/kernels.h"

/// The reference kernels of max pooling; part of kernels_reference.cc.
namespace fovea {
namespace {

/// True where `value` takes the place of `best`, which comes before it in row order.
template <typename T>
bool Wins(T value, T best) {
  return !std::isnan(best) && !(value <= best);
}

template <typename T>
void MaxPool(const MaxPoolArgs<T>& args) {
  for (int64_t n = 0; n < args.rows; ++n) {
    for (int64_t oh = 0; oh < args.oh; ++oh) {
      for (int64_t ow = 0; ow < args.ow; ++ow) {
        for (int64_t c = 0; c < args.channels; ++c) {
          bool found = false;
          T best = 0;
          int64_t winner = 0;
          for (int64_t kh = 0; kh < args.kh; ++kh) {
            for (int64_t kw = 0; kw < args.kw; ++kw) {
              const int64_t y = oh * args.sh - args.top + kh;
              const int64_t x = ow * args.sw - args.left + kw;
              if (y < 0 || y >= args.ih || x < 0 || x >= args.iw) continue;
              const T value = args.src[((n * args.ih + y) * args.iw + x) * args.channels + c];
              if (found && !Wins(value, best)) continue;
              found = true;
              best = value;
              winner = kh * args.kw + kw;
            }
          }
          const int64_t out = ((n * args.oh + oh) * args.ow + ow) * args.channels + c;
          args.dst[out] = best;
          args.winner[out] = static_cast<uint8_t>(winner);
        }
      }
    }
  }
}

template <typename T>
void MaxPoolBackward(const MaxPoolBackwardArgs<T>& args) {
  std::fill_n(args.diff_src, args.rows * args.ih * args.iw * args.channels, T(0));
  for (int64_t n = 0; n < args.rows; ++n) {
    for (int64_t oh = 0; oh < args.oh; ++oh) {
      for (int64_t ow = 0; ow < args.ow; ++ow) {
        for (int64_t c = 0; c < args.channels; ++c) {
          const int64_t out = ((n * args.oh + oh) * args.ow + ow) * args.channels + c;
          if (args.dst != nullptr && !(args.dst[out] > 0)) continue;
          const int64_t y = oh * args.sh - args.top + args.winner[out] / args.kw;
          const int64_t x = ow * args.sw - args.left + args.winner[out] % args.kw;
          args.diff_src[((n * args.ih + y) * args.iw + x) * args.channels + c] +=
              args.diff_dst[out];
        }
      }
    }
  }
}

}  // namespace
}  // namespace fovea
