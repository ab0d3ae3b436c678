#include <gtest/gtest.h>

#include <limits>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

using Floats = GuardedArray<float>;

/// Counts around the widths of vectors, and one that needs many.
const std::vector<int64_t> kCounts = {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 1000};

class ElementwiseTest : public TargetTest {
 protected:
  /// Runs `run(kernels, a, b, dst)` on the target and on the reference: equal bit by bit, since
  /// each result is rounded once.
  template <typename Run>
  void ExpectReference(Run run) {
    uint64_t seed = 10;
    for (const int64_t count : kCounts) {
      Draw draw(seed++);
      const Floats a = draw.Floats(count), b = draw.Floats(count);
      Floats actual = draw.Floats(count), expected = actual;
      run(kernels(), a, b, actual);
      run(Reference(), a, b, expected);
      ExpectSameBits(actual, expected);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, ElementwiseTest, testing::ValuesIn(VectorTargets()), TargetName);

TEST_P(ElementwiseTest, reluEqualsTheReference) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats&, Floats& dst) {
    kernels.relu(a.size(), a.data(), dst.data());
  });
}

TEST_P(ElementwiseTest, reluBackwardEqualsTheReference) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats& b, Floats& dst) {
    kernels.relu_backward(a.size(), a.data(), b.data(), dst.data());
  });
}

TEST_P(ElementwiseTest, addEqualsTheReference) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats& b, Floats& dst) {
    kernels.add(a.size(), a.data(), b.data(), dst.data());
  });
}

TEST_P(ElementwiseTest, addReluEqualsTheReference) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats& b, Floats& dst) {
    kernels.add_relu(a.size(), a.data(), b.data(), dst.data());
  });
}

TEST_P(ElementwiseTest, accumulateEqualsTheReference) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats&, Floats& dst) {
    kernels.accumulate(a.size(), a.data(), dst.data());
  });
}

TEST_P(ElementwiseTest, scaleEqualsTheReference) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats&, Floats& dst) {
    kernels.scale(a.size(), 0.3f, a.data(), dst.data());
  });
}

TEST_P(ElementwiseTest, theDestinationMayBeASource) {
  ExpectReference([](const Kernels<float>& kernels, const Floats& a, const Floats&, Floats& dst) {
    kernels.add(a.size(), dst.data(), a.data(), dst.data());
    kernels.scale(a.size(), -1.7f, dst.data(), dst.data());
    kernels.relu(a.size(), dst.data(), dst.data());
    kernels.add_relu(a.size(), dst.data(), a.data(), dst.data());
    kernels.relu_backward(a.size(), a.data(), dst.data(), dst.data());
  });
}

class EveryElementwiseTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryElementwiseTest, testing::ValuesIn(AllTargets()),
                         TargetName);

TEST_P(EveryElementwiseTest, reluKeepsNan) {
  // Whole vectors and a rest.
  std::vector<float> values(37, std::numeric_limits<float>::quiet_NaN());
  kernels().relu(37, values.data(), values.data());
  kernels().add_relu(37, values.data(), values.data(), values.data());
  for (const float value : values) EXPECT_TRUE(std::isnan(value));
}

TEST_P(EveryElementwiseTest, findsANumberThatIsNotFiniteWhereverItLies) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const int64_t count : kCounts) {
    Floats values(count);
    for (int64_t i = 0; i < count; ++i) {
      values.data()[i] = i % 2 == 0 ? std::numeric_limits<float>::max() : -1e-40f;
    }
    EXPECT_TRUE(kernels().all_finite(count, values.data()));
    for (int64_t i = 0; i < count; ++i) {
      const float kept = values.data()[i];
      for (const float bad : {infinity, -infinity, nan}) {
        values.data()[i] = bad;
        EXPECT_FALSE(kernels().all_finite(count, values.data())) << bad << " at " << i;
      }
      values.data()[i] = kept;
    }
  }
}

TEST_P(EveryElementwiseTest, reluPassesNoGradientAtZero) {
  const std::vector<float> dst = {0, 1, -0.0f, 2};
  std::vector<float> diff = {5, 6, 7, 8};
  kernels().relu_backward(4, dst.data(), diff.data(), diff.data());
  EXPECT_EQ(diff, (std::vector<float>{0, 6, 0, 8}));
}

}  // namespace
}  // namespace fovea
