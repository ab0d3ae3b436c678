#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

using Floats = GuardedArray<float>;
using Bytes = GuardedArray<uint8_t>;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// A random window on a random image, so that every window touches the image.
MaxPoolArgs<float> RandomWindow(Draw& draw) {
  MaxPoolArgs<float> args{};
  args.rows = draw.Int(1, 3);
  args.channels = draw.Int(1, 40);
  args.kh = draw.Int(1, 4);
  args.kw = draw.Int(1, 4);
  args.sh = draw.Int(1, 4);
  args.sw = draw.Int(1, 4);
  args.ih = draw.Int(args.kh, 9);
  args.iw = draw.Int(args.kw, 9);
  args.top = draw.Int(0, args.kh - 1);
  args.left = draw.Int(0, args.kw - 1);
  const int64_t bottom = draw.Int(0, args.kh - 1), right = draw.Int(0, args.kw - 1);
  args.oh = (args.ih + args.top + bottom - args.kh) / args.sh + 1;
  args.ow = (args.iw + args.left + right - args.kw) / args.sw + 1;
  return args;
}

int64_t SrcSize(const MaxPoolArgs<float>& args) {
  return args.rows * args.ih * args.iw * args.channels;
}
int64_t DstSize(const MaxPoolArgs<float>& args) {
  return args.rows * args.oh * args.ow * args.channels;
}

struct Pooled {
  Floats dst;
  Bytes winner;
};

Pooled Pool(const Kernels<float>& kernels, MaxPoolArgs<float> args, const Floats& src) {
  Pooled pooled{Floats(DstSize(args)), Bytes(DstSize(args))};
  args.src = src.data();
  args.dst = pooled.dst.data();
  args.winner = pooled.winner.data();
  kernels.max_pool(args);
  return pooled;
}

Floats PoolBackward(const Kernels<float>& kernels, const MaxPoolArgs<float>& args,
                    const Floats& diff_dst, const Bytes& winner, const float* dst = nullptr) {
  Floats diff_src(SrcSize(args));
  for (int64_t i = 0; i < diff_src.size(); ++i) diff_src.data()[i] = 99;  // to be overwritten
  kernels.max_pool_backward({args.rows, args.ih, args.iw, args.channels, args.oh, args.ow, args.kh,
                             args.kw, args.sh, args.sw, args.top, args.left, diff_dst.data(),
                             winner.data(), diff_src.data(), dst});
  return diff_src;
}

/// Windows that cover each pixel once.
MaxPoolArgs<float> RandomTiles(Draw& draw, int64_t largest) {
  MaxPoolArgs<float> args{};
  args.rows = draw.Int(1, 3);
  args.channels = draw.Int(1, 40);
  args.kh = args.sh = draw.Int(2, largest);
  args.kw = args.sw = draw.Int(2, largest);
  args.oh = draw.Int(1, 4);
  args.ow = draw.Int(1, 4);
  args.ih = args.oh * args.sh;
  args.iw = args.ow * args.sw;
  return args;
}

class MaxPoolTest : public TargetTest {
 protected:
  /// On values with many ties, and NaN among them if asked.
  void ExpectReference(Draw& draw, const MaxPoolArgs<float>& args, bool nan) {
    Floats src = draw.Integers(SrcSize(args));
    for (int64_t i = 0; i < src.size(); ++i) {
      if (nan && draw.OneIn(10)) src.data()[i] = kNan;
    }
    const Pooled actual = Pool(kernels(), args, src), expected = Pool(Reference(), args, src);
    ExpectSameBits(actual.dst, expected.dst);
    ExpectSameBits(actual.winner, expected.winner);
    if (HasFatalFailure()) return;
    const Floats diff_dst = draw.Integers(DstSize(args));
    ExpectSameBits(PoolBackward(kernels(), args, diff_dst, actual.winner),
                   PoolBackward(Reference(), args, diff_dst, expected.winner));
    if (HasFatalFailure()) return;
    ExpectSameBits(PoolBackward(kernels(), args, diff_dst, actual.winner, actual.dst.data()),
                   PoolBackward(Reference(), args, diff_dst, expected.winner, expected.dst.data()));
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, MaxPoolTest, testing::ValuesIn(VectorTargets()), TargetName);

TEST_P(MaxPoolTest, forwardAndBackwardEqualTheReference) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    Draw draw(seed);
    ExpectReference(draw, RandomWindow(draw), seed % 3 == 0);
    if (HasFatalFailure()) return;
  }
}

TEST_P(MaxPoolTest, windowsThatCoverEachPixelOnceEqualTheReference) {
  for (uint64_t seed = 201; seed <= 240; ++seed) {
    Draw draw(seed);
    ExpectReference(draw, RandomTiles(draw, seed % 2 == 0 ? 2 : 4), seed % 3 == 0);
    if (HasFatalFailure()) return;
  }
}

/// The same with a last row or column of pixels that no window reaches.
TEST_P(MaxPoolTest, windowsThatLeaveARestEqualTheReference) {
  for (uint64_t seed = 301; seed <= 320; ++seed) {
    Draw draw(seed);
    MaxPoolArgs<float> args = RandomTiles(draw, 2);
    (seed % 2 == 0 ? args.ih : args.iw) += 1;
    ExpectReference(draw, args, false);
    if (HasFatalFailure()) return;
  }
}

/// One window of 2 x 2 on one image; each channel holds the same four values.
class EveryMaxPoolTest : public TargetTest {
 protected:
  static constexpr int64_t kChannels = 19;

  void ExpectPooled(std::vector<float> taps, float largest, uint8_t winner) {
    MaxPoolArgs<float> args{.rows = 1,
                            .ih = 2,
                            .iw = 2,
                            .channels = kChannels,
                            .oh = 1,
                            .ow = 1,
                            .kh = 2,
                            .kw = 2,
                            .sh = 2,
                            .sw = 2,
                            .top = 0,
                            .left = 0,
                            .src = nullptr,
                            .dst = nullptr,
                            .winner = nullptr};
    Floats src(4 * kChannels);
    for (int64_t i = 0; i < src.size(); ++i) src.data()[i] = taps[i / kChannels];
    const Pooled pooled = Pool(kernels(), args, src);
    for (int64_t c = 0; c < kChannels; ++c) {
      const float value = pooled.dst.data()[c];
      EXPECT_TRUE(value == largest || (std::isnan(value) && std::isnan(largest))) << value;
      EXPECT_EQ(pooled.winner.data()[c], winner);
    }
    Floats diff_dst(kChannels);
    for (int64_t c = 0; c < kChannels; ++c) diff_dst.data()[c] = 7;
    const Floats diff_src = PoolBackward(kernels(), args, diff_dst, pooled.winner);
    for (int64_t i = 0; i < src.size(); ++i) {
      EXPECT_EQ(diff_src.data()[i], i / kChannels == winner ? 7 : 0);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryMaxPoolTest, testing::ValuesIn(AllTargets()), TargetName);

/// Where the pooled image ends with a relu, backward with dst is backward, then that of the relu.
TEST_P(EveryMaxPoolTest, windowsWithoutAPositiveValuePassNoGradientWhereDstIsGiven) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    Draw draw(seed);
    const MaxPoolArgs<float> args = RandomWindow(draw);
    Floats src = draw.Integers(SrcSize(args));
    kernels().relu(src.size(), src.data(), src.data());
    const Pooled pooled = Pool(kernels(), args, src);
    const Floats diff_dst = draw.Integers(DstSize(args));
    Floats expected = PoolBackward(kernels(), args, diff_dst, pooled.winner);
    kernels().relu_backward(src.size(), src.data(), expected.data(), expected.data());
    const Floats actual = PoolBackward(kernels(), args, diff_dst, pooled.winner, pooled.dst.data());
    ExpectNear(actual, expected, 0);
    if (HasFatalFailure()) return;
  }
}

TEST_P(EveryMaxPoolTest, theLargestWins) { ExpectPooled({-4, -1, -2, -3}, -1, 1); }

TEST_P(EveryMaxPoolTest, theFirstOfEqualsWins) { ExpectPooled({1, 5, 5, 5}, 5, 1); }

TEST_P(EveryMaxPoolTest, theFirstNanWins) { ExpectPooled({9, 3, kNan, kNan}, kNan, 2); }

TEST_P(EveryMaxPoolTest, nothingReplacesANan) { ExpectPooled({kNan, 3, 9, kNan}, kNan, 0); }

TEST_P(EveryMaxPoolTest, minusInfinityIsAValue) {
  const float lowest = -std::numeric_limits<float>::infinity();
  ExpectPooled({lowest, lowest, lowest, lowest}, lowest, 0);
}

}  // namespace
}  // namespace fovea
