#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"
#include "kernels/pack.h"

namespace fovea {
namespace {

using Floats = GuardedArray<float>;

/// Tiles of every size in images drawn by chance: not the whole image, runs that start and end in
/// the middle of one, and channels that are a part of the pixels'.
struct TileCase {
  WinogradTiles tiles;
  int64_t images;

  explicit TileCase(Draw& draw) : images(draw.Int(1, 3)) {
    tiles.taps = draw.OneIn(3) ? 5 : 3;
    tiles.tile_height = draw.Int(1, kWinogradSide + 1 - tiles.taps);
    tiles.tile_width = draw.Int(1, kWinogradSide + 1 - tiles.taps);
    tiles.down = draw.Int(1, 3);
    tiles.across = draw.Int(1, 3);
    tiles.top = draw.Int(-2, 0);
    tiles.left = draw.Int(-2, 0);
    tiles.height = tiles.down * tiles.tile_height - tiles.top + draw.Int(0, 3);
    tiles.width = tiles.across * tiles.tile_width - tiles.left + draw.Int(0, 3);
    const int64_t all = images * tiles.down * tiles.across;
    tiles.first = draw.Int(0, all - 1);
    tiles.count = draw.Int(1, all - tiles.first);
    tiles.channels = draw.OneIn(8) ? draw.Int(60, 140) : draw.Int(1, 40);
    tiles.pixel = tiles.channels + (draw.OneIn(3) ? draw.Int(1, 5) : 0);
  }

  /// Elements of the images, up to the last channel that takes part.
  int64_t Size() const {
    return images * tiles.height * tiles.width * tiles.pixel - (tiles.pixel - tiles.channels);
  }
};

template <typename T>
WinogradValues<T> Matrices(GuardedArray<T>& data, int64_t panel, int64_t rows, int64_t cols) {
  return {data.data(), rows * cols, cols, panel};
}

class WinogradTest : public TargetTest {
 protected:
  /// Room for the values of [rows, cols] at all points.
  static int64_t ValuesSize(int64_t rows, int64_t cols) { return kWinogradPoints * rows * cols; }

  /// `run(kernels, tiles, src, dst)` on the target against double on the reference.
  template <typename Sizes, typename Run>
  void ExpectDoubleReference(Sizes sizes, Run run) {
    for (uint64_t seed = 0; seed < 120; ++seed) {
      Draw draw(seed);
      const TileCase tile_case(draw);
      const auto [src_size, dst_size] = sizes(tile_case);
      Floats src = draw.Floats(src_size), dst = draw.Floats(dst_size);
      auto expected_src = Converted<double>(src), expected_dst = Converted<double>(dst);
      run(kernels(), tile_case.tiles, src, dst);
      run(KernelsFor<double>(), tile_case.tiles, expected_src, expected_dst);
      ExpectNear(dst, expected_dst, 1e-4);  // of values up to 100
      if (HasFatalFailure()) return;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, WinogradTest, testing::ValuesIn(VectorTargets()), TargetName);

/// Over every border.
TEST_P(WinogradTest, srcValuesEqualTheReference) {
  ExpectDoubleReference(
      [](const TileCase& c) {
        return std::pair(c.Size(), ValuesSize(c.tiles.count, c.tiles.channels));
      },
      [](const auto& kernels, WinogradTiles tiles, auto& src, auto& values) {
        tiles.top += 2;
        tiles.left += 1;
        kernels.winograd_src(tiles, src.data(),
                             Matrices(values, kernels.panel, tiles.count, tiles.channels));
      });
}

TEST_P(WinogradTest, diffDstValuesEqualTheReference) {
  ExpectDoubleReference(
      [](const TileCase& c) {
        return std::pair(c.Size(), ValuesSize(c.tiles.count, c.tiles.channels));
      },
      [](const auto& kernels, const WinogradTiles& tiles, auto& diff_dst, auto& values) {
        kernels.winograd_diff_dst(tiles, diff_dst.data(),
                                  Matrices(values, kernels.panel, tiles.count, tiles.channels));
      });
}

TEST_P(WinogradTest, dstEqualsTheReference) {
  for (const bool relu : {false, true}) {
    for (const bool more : {false, true}) {
      ExpectDoubleReference(
          [](const TileCase& c) {
            return std::pair(ValuesSize(c.tiles.count, c.tiles.channels), c.Size());
          },
          [=](const auto& kernels, const WinogradTiles& tiles, auto& values, auto& dst) {
            auto bias = values, add = dst;  // of bias, its first elements
            kernels.winograd_dst(
                tiles, Matrices(values, kernels.panel, tiles.count, tiles.channels),
                more ? bias.data() : nullptr, more ? add.data() : nullptr, relu, dst.data());
          });
    }
  }
}

/// In packed panels a value lies elsewhere, that is all.
TEST_P(WinogradTest, panelsHoldTheValuesOfMatrices) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Draw draw(seed);
    const TileCase tile_case(draw);
    const WinogradTiles& tiles = tile_case.tiles;
    const int64_t panel = kernels().panel;
    const Floats src = draw.Floats(tile_case.Size());
    Floats matrices(ValuesSize(tiles.count, tiles.channels));
    const int64_t point = PackedSize(tiles.count, tiles.channels, panel);
    Floats panels(kWinogradPoints * point);
    kernels().winograd_src(tiles, src.data(),
                           Matrices(matrices, panel, tiles.count, tiles.channels));
    kernels().winograd_src(tiles, src.data(), {panels.data(), point, panel, tiles.count * panel});
    Floats unpacked = matrices;
    for (int64_t i = 0; i < unpacked.size(); ++i) {
      const int64_t c = i % tiles.channels;
      const int64_t t = i / tiles.channels % tiles.count;
      const int64_t p = i / tiles.channels / tiles.count;
      unpacked.data()[i] =
          panels.data()[p * point + c / panel * tiles.count * panel + t * panel + c % panel];
    }
    ExpectSameBits(unpacked, matrices);
  }
}

TEST_P(WinogradTest, weightValuesEqualTheReference) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Draw draw(seed);
    const int64_t taps = draw.OneIn(2) ? 3 : 5, ic = draw.Int(1, 9), oc = draw.Int(1, 40);
    const Floats weights = draw.Floats(taps * taps * ic * oc);
    const auto exact = Converted<double>(weights);
    Floats values(ValuesSize(ic, oc)), turned(values.size());
    GuardedArray<double> expected(values.size()), expected_turned(values.size());
    kernels().winograd_weights(taps, ic, oc, weights.data(),
                               Matrices(values, kernels().panel, ic, oc),
                               Matrices(turned, kernels().panel, oc, ic));
    const auto& reference = KernelsFor<double>();
    reference.winograd_weights(taps, ic, oc, exact.data(),
                               Matrices(expected, reference.panel, ic, oc),
                               Matrices(expected_turned, reference.panel, oc, ic));
    ExpectNear(values, expected, 2e-6);
    ExpectNear(turned, expected_turned, 2e-6);
  }
}

TEST_P(WinogradTest, diffWeightsEqualTheReferenceAndAreAdded) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Draw draw(seed);
    const int64_t taps = draw.OneIn(2) ? 3 : 5, ic = draw.Int(1, 9), oc = draw.Int(1, 40);
    const int64_t tap_stride = ic * oc + draw.Int(0, 20);
    Floats values = draw.Floats(ValuesSize(ic, oc));
    auto exact = Converted<double>(values);
    Floats actual = draw.Floats((taps * taps - 1) * tap_stride + ic * oc);
    auto expected = Converted<double>(actual);
    kernels().winograd_diff_weights(taps, ic, oc, Matrices(values, kernels().panel, ic, oc),
                                    tap_stride, actual.data());
    const auto& reference = KernelsFor<double>();
    reference.winograd_diff_weights(taps, ic, oc, Matrices(exact, reference.panel, ic, oc),
                                    tap_stride, expected.data());
    ExpectNear(actual, expected, 1e-5);
  }
}

/// Turned values are, bit by bit, the values of weights that are turned and transposed.
TEST_P(WinogradTest, turnedValuesAreValuesOfTurnedWeights) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Draw draw(seed);
    const int64_t taps = draw.OneIn(2) ? 3 : 5, ic = draw.Int(1, 40), oc = draw.Int(1, 40);
    const Floats weights = draw.Floats(taps * taps * ic * oc);
    Floats transposed = weights;
    for (int64_t k = 0; k < weights.size(); ++k) {
      const int64_t o = k % oc, i = k / oc % ic, tap = taps * taps - 1 - k / oc / ic;
      transposed.data()[(tap * oc + o) * ic + i] = weights.data()[k];
    }
    Floats values(ValuesSize(ic, oc)), turned = values, expected_values = values, expected = values;
    kernels().winograd_weights(taps, ic, oc, weights.data(),
                               Matrices(values, kernels().panel, ic, oc),
                               Matrices(turned, kernels().panel, oc, ic));
    kernels().winograd_weights(taps, oc, ic, transposed.data(),
                               Matrices(expected, kernels().panel, oc, ic),
                               Matrices(expected_values, kernels().panel, ic, oc));
    ExpectSameBits(turned, expected);
    ExpectSameBits(values, expected_values);
  }
}

/// The values of a filter, which are the same for all, times those of a tile of any size, taken
/// back, are the convolution.
TEST(WinogradReferenceTest, isAConvolution) {
  const auto& kernels = KernelsFor<double>();
  for (const int64_t taps : {3, 5}) {
    Draw draw(static_cast<uint64_t>(taps));
    const auto weights = Converted<double>(draw.Floats(taps * taps));
    GuardedArray<double> b(kWinogradPoints), turned(kWinogradPoints);
    kernels.winograd_weights(taps, 1, 1, weights.data(), Matrices(b, kernels.panel, 1, 1),
                             Matrices(turned, kernels.panel, 1, 1));
    for (int64_t height = 1; height <= kWinogradSide + 1 - taps; ++height) {
      for (int64_t width = 1; width <= kWinogradSide + 1 - taps; ++width) {
        const int64_t down = height + taps - 1, across = width + taps - 1;
        const auto src = Converted<double>(draw.Floats(down * across));
        GuardedArray<double> a(kWinogradPoints), dst(height * width);
        WinogradTiles tiles{.count = 1, .down = 1, .across = 1, .taps = taps};
        tiles.tile_height = height;
        tiles.tile_width = width;
        tiles.height = down;
        tiles.width = across;
        tiles.channels = tiles.pixel = 1;
        kernels.winograd_src(tiles, src.data(), Matrices(a, kernels.panel, 1, 1));
        for (int p = 0; p < kWinogradPoints; ++p) a.data()[p] *= b.data()[p];
        tiles.height = height;
        tiles.width = width;
        kernels.winograd_dst(tiles, Matrices(a, kernels.panel, 1, 1), nullptr, nullptr, false,
                             dst.data());
        for (int64_t i = 0; i < height * width; ++i) {
          double sum = 0;
          for (int64_t k = 0; k < taps * taps; ++k) {
            sum += weights.data()[k] *
                   src.data()[(i / width + k / taps) * across + i % width + k % taps];
          }
          EXPECT_NEAR(dst.data()[i], sum, 1e-13);
        }
      }
    }
  }
}

}  // namespace
}  // namespace fovea
