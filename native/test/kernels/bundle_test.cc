#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

using Floats = GuardedArray<float>;

/// Rows as bundles of the target: [rows / panel, size, panel], the last one filled with zeros.
Floats Interleaved(const Kernels<float>& kernels, int64_t rows, const Floats& plain) {
  const int64_t size = plain.size() / rows;
  const int64_t bundles = (rows + kernels.panel - 1) / kernels.panel;
  Floats bundled(bundles * kernels.panel * size);
  for (int64_t i = 0; i < bundles; ++i) {
    const int64_t first = i * kernels.panel;
    kernels.interleave(std::min<int64_t>(kernels.panel, rows - first), size,
                       plain.data() + first * size, bundled.data() + first * size);
  }
  return bundled;
}

Floats Deinterleaved(const Kernels<float>& kernels, int64_t rows, const Floats& bundled) {
  const int64_t bundles = (rows + kernels.panel - 1) / kernels.panel;
  const int64_t size = bundled.size() / (bundles * kernels.panel);
  Floats plain(rows * size);
  for (int64_t first = 0; first < rows; first += kernels.panel) {
    kernels.deinterleave(std::min<int64_t>(kernels.panel, rows - first), size,
                         bundled.data() + first * size, plain.data() + first * size);
  }
  return plain;
}

class BundleTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, BundleTest, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(BundleTest, anElementOfAllRowsLiesSideBySide) {
  const int64_t panel = kernels().panel;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Draw draw(seed);
    const int64_t rows = draw.Int(1, panel), size = draw.Int(1, 70);
    const Floats plain = draw.Floats(rows * size);
    const Floats bundled = Interleaved(kernels(), rows, plain);
    for (int64_t e = 0; e < size; ++e) {
      for (int64_t r = 0; r < panel; ++r) {
        ASSERT_EQ(bundled.data()[e * panel + r], r < rows ? plain.data()[r * size + e] : 0)
            << "element " << e << " of row " << r;
      }
    }
    ExpectSameBits(Deinterleaved(kernels(), rows, bundled), plain);
    if (HasFatalFailure()) return;
  }
}

/// A convolution with a random window, on rows enough for whole bundles of every target.
struct ConvCase {
  static constexpr int64_t kRows = 32;

  BundleWindow window;
  Floats src, weights, bias, diff_dst;
  bool has_bias, relu;
  int64_t gap;  ///< between the pixels of dst, in elements of a row

  ConvCase(Draw& draw, bool integers)
      : window(Window(draw)),
        src(Values(draw, integers, kRows * SrcSize())),
        weights(Values(draw, integers, WeightSize())),
        bias(Values(draw, integers, window.oc)),
        diff_dst(Values(draw, integers, kRows * DstSize())),
        has_bias(draw.OneIn(2)),
        relu(draw.OneIn(2)),
        gap(draw.OneIn(2) ? 0 : draw.Int(1, 3)) {}

  static Floats Values(Draw& draw, bool integers, int64_t size) {
    return integers ? draw.Integers(size) : draw.Floats(size);
  }

  /// Padding may be wider than the window, and windows may lie outside the image altogether.
  static BundleWindow Window(Draw& draw) {
    BundleWindow w{};
    w.ih = draw.Int(1, 9);
    w.iw = draw.OneIn(6) ? draw.Int(20, 40) : draw.Int(1, 9);
    w.ic = draw.OneIn(4) ? draw.Int(8, 20) : draw.Int(1, 7);
    w.oc = draw.OneIn(4) ? draw.Int(8, 34) : draw.Int(1, 7);
    w.kh = draw.Int(1, 5);
    w.kw = draw.Int(1, 5);
    w.sh = draw.Int(1, 3);
    w.sw = draw.Int(1, 3);
    w.dh = draw.OneIn(3) ? draw.Int(2, 3) : 1;
    w.dw = draw.OneIn(3) ? draw.Int(2, 3) : 1;
    w.top = draw.OneIn(2) ? 0 : draw.Int(-2, 6);
    w.left = draw.OneIn(2) ? 0 : draw.Int(-2, 6);
    w.oh = (w.ih + draw.Int(0, 6)) / w.sh + 1;
    w.ow = (w.iw + draw.Int(0, 6)) / w.sw + 1;
    return w;
  }

  int64_t SrcSize() const { return window.ih * window.iw * window.ic; }
  int64_t DstSize() const { return window.oh * window.ow * window.oc; }
  int64_t WeightSize() const { return window.kh * window.kw * window.ic * window.oc; }

  /// dst of all rows, [rows, oh, ow, oc + gap] with 99 in the gaps.
  Floats Forward(const Kernels<float>& kernels) const {
    const BundleWindow& w = window;
    const Floats bundled = Interleaved(kernels, kRows, src);
    Floats dst(kRows * w.oh * w.ow * (w.oc + gap));
    std::fill_n(dst.data(), dst.size(), 99.0F);
    const int64_t pixel = (w.oc + gap) * kernels.panel;
    for (int64_t i = 0; i < kRows / kernels.panel; ++i) {
      kernels.bundle_conv({w, bundled.data() + i * kernels.panel * SrcSize(), weights.data(),
                           has_bias ? bias.data() : nullptr, relu,
                           dst.data() + i * w.oh * w.ow * pixel, w.ow * pixel, pixel});
    }
    return Deinterleaved(kernels, kRows, dst);
  }

  /// The gradients of weights and bias, added to what was in them.
  Floats BackwardWeights(const Kernels<float>& kernels) const {
    const Floats bundled_src = Interleaved(kernels, kRows, src);
    const Floats bundled_diff = Interleaved(kernels, kRows, diff_dst);
    Floats sums((WeightSize() + window.oc) * kernels.panel);
    std::fill_n(sums.data(), sums.size(), 99.0F);  // to be overwritten
    Floats diff(WeightSize() + window.oc);
    std::copy_n(weights.data(), weights.size(), diff.data());
    std::copy_n(bias.data(), bias.size(), diff.data() + WeightSize());
    kernels.bundle_conv_weights({window, kRows / kernels.panel, bundled_src.data(),
                                 bundled_diff.data(), sums.data(), diff.data(),
                                 has_bias ? diff.data() + WeightSize() : nullptr});
    return diff;
  }
};

class BundleConvTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, BundleConvTest, testing::ValuesIn(VectorTargets()), TargetName);

TEST_P(BundleConvTest, integersEqualTheReferenceExactly) {
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    Draw draw(seed);
    const ConvCase test(draw, true);
    ExpectSameBits(test.Forward(kernels()), test.Forward(Reference()));
    ExpectSameBits(test.BackwardWeights(kernels()), test.BackwardWeights(Reference()));
    if (HasFatalFailure()) return;
  }
}

TEST_P(BundleConvTest, floatsEqualTheReferenceUpToRounding) {
  for (uint64_t seed = 1001; seed <= 1040; ++seed) {
    Draw draw(seed);
    const ConvCase test(draw, false);
    const auto terms = static_cast<double>(test.window.kh * test.window.kw * test.window.ic);
    ExpectNear(test.Forward(kernels()), test.Forward(Reference()), 1e-6 + 2e-7 * terms);
    const auto pixels = static_cast<double>(test.window.oh * test.window.ow * ConvCase::kRows);
    ExpectNear(test.BackwardWeights(kernels()), test.BackwardWeights(Reference()),
               1e-5 + 2e-7 * pixels);
    if (HasFatalFailure()) return;
  }
}

TEST_P(BundleConvTest, aRowDoesNotDependOnTheRowsOfItsBundle) {
  for (uint64_t seed = 2001; seed <= 2020; ++seed) {
    Draw draw(seed);
    const ConvCase test(draw, false);
    ConvCase other = test;
    const int64_t size = test.SrcSize(), row = draw.Int(0, ConvCase::kRows - 1);
    for (int64_t i = 0; i < other.src.size(); ++i) {
      if (i / size != row) other.src.data()[i] = 0;
    }
    const Floats all = test.Forward(kernels()), alone = other.Forward(kernels());
    const int64_t dst_size = all.size() / ConvCase::kRows;
    for (int64_t i = row * dst_size; i < (row + 1) * dst_size; ++i) {
      ASSERT_EQ(all.data()[i], alone.data()[i]) << "seed " << seed << ", element " << i;
    }
  }
}

class EveryBundleConvTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryBundleConvTest, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(EveryBundleConvTest, leavesOutWhatIsNotInTheImage) {
  // Two pixels, 1 and 10, under a window of three taps with one pixel of padding on each side.
  const int64_t panel = kernels().panel;
  const BundleWindow window = {1, 2, 1, 1, 2, 1, 1, 3, 1, 1, 1, 1, 0, 1};
  std::vector<float> src(2 * panel), dst(2 * panel), weights = {2, 3, 5}, bias = {-4};
  for (int64_t r = 0; r < panel; ++r) {
    src[r] = 1;
    src[panel + r] = 10;
  }
  kernels().bundle_conv(
      {window, src.data(), weights.data(), bias.data(), false, dst.data(), 0, panel});
  for (int64_t r = 0; r < panel; ++r) {
    EXPECT_EQ(dst[r], 3 * 1 + 5 * 10 - 4);
    EXPECT_EQ(dst[panel + r], 2 * 1 + 3 * 10 - 4);
  }
}

}  // namespace
}  // namespace fovea
