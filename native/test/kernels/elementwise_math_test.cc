#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

using Floats = GuardedArray<float>;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kSmallest = std::numeric_limits<float>::min();  // that is not denormal

/// A function with its kernel, its meaning, and how far the kernel may be off, in units of the last
/// place of the exact result. A denormal result may be 0.
struct Function {
  const char* name;
  void (*Kernels<float>::*kernel)(int64_t, const float*, float*);
  double (*exact)(double);
  double ulps;
};

const std::vector<Function>& Functions() {
  static const std::vector<Function> functions = {
      {"exp", &Kernels<float>::exp, [](double x) { return std::exp(x); }, 1.1},
      {"log", &Kernels<float>::log, [](double x) { return std::log(x); }, 0.9},
      {"tanh", &Kernels<float>::tanh, [](double x) { return std::tanh(x); }, 2.7},
      {"sigmoid", &Kernels<float>::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, 2.5},
  };
  return functions;
}

/// The distance of floats at `x`.
double UnitOfLastPlace(double x) {
  const double size = std::max(std::abs(x), static_cast<double>(kSmallest));
  return std::ldexp(1.0, std::ilogb(static_cast<float>(size)) - 23);
}

/// Floats of all sizes and signs: every `step`-th bit pattern, NaN and infinity among them.
std::vector<float> AllSizes(uint32_t step) {
  std::vector<float> values;
  for (uint64_t pattern = 0; pattern <= UINT32_MAX; pattern += step) {
    const auto bits = static_cast<uint32_t>(pattern);
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    values.push_back(value);
  }
  return values;
}

bool IsNear(const Function& function, double exact, float actual) {
  const auto rounded = static_cast<float>(exact);
  if (std::isnan(exact)) return std::isnan(actual);
  if (std::isinf(rounded)) return actual == rounded;
  if (std::signbit(actual) != std::signbit(rounded)) return false;
  if (actual == 0 && std::abs(exact) < static_cast<double>(kSmallest)) return true;
  return std::abs(actual - exact) <= function.ulps * UnitOfLastPlace(exact);
}

void ExpectExact(const Function& function, const std::vector<float>& src,
                 const std::vector<float>& dst) {
  for (size_t i = 0; i < src.size(); ++i) {
    const double exact = function.exact(src[i]);
    ASSERT_TRUE(IsNear(function, exact, dst[i]))
        << function.name << "(" << src[i] << ") is " << dst[i] << ", not " << exact;
  }
}

class ElementwiseMathTest : public TargetTest {
 protected:
  std::vector<float> Apply(const Function& function, const std::vector<float>& src) {
    std::vector<float> dst(src.size());
    (kernels().*function.kernel)(static_cast<int64_t>(src.size()), src.data(), dst.data());
    return dst;
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, ElementwiseMathTest, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(ElementwiseMathTest, functionsAreNearTheExactResultOverAllSizes) {
  const std::vector<float> src = AllSizes(15013);  // 286,000 floats
  for (const Function& function : Functions()) ExpectExact(function, src, Apply(function, src));
}

TEST_P(ElementwiseMathTest, functionsAreNearTheExactResultWhereTheyBend) {
  std::vector<float> src;
  for (int i = -8800; i <= 8900; ++i) src.push_back(static_cast<float>(i) * 0.01f);
  for (int i = 0; i < 5000; ++i) src.push_back(0.5f + static_cast<float>(i) * 0.0002f);  // around 1
  for (const Function& function : Functions()) ExpectExact(function, src, Apply(function, src));
}

/// Per function, in the order of Functions().
TEST_P(ElementwiseMathTest, functionsHaveTheirValuesAtTheEnds) {
  const std::vector<float> src = {0, -0.0f, kInfinity, -kInfinity, kNan, 1000, -1000, 1};
  const std::vector<std::vector<float>> expected = {
      {1, 1, kInfinity, 0, kNan, kInfinity, 0, std::exp(1.0f)},
      {-kInfinity, -kInfinity, kInfinity, kNan, kNan, std::log(1000.0f), kNan, 0},
      {0, -0.0f, 1, -1, kNan, 1, -1, std::tanh(1.0f)},
      {0.5f, 0.5f, 1, 0, kNan, 1, 0, 1 / (1 + std::exp(-1.0f))},
  };
  for (size_t f = 0; f < expected.size(); ++f) {
    const std::vector<float> dst = Apply(Functions()[f], src);
    for (size_t i = 0; i < src.size(); ++i) {
      SCOPED_TRACE(testing::Message() << Functions()[f].name << "(" << src[i] << ")");
      if (std::isnan(expected[f][i])) {
        EXPECT_TRUE(std::isnan(dst[i])) << "is " << dst[i];
      } else {
        EXPECT_FLOAT_EQ(dst[i], expected[f][i]);
        EXPECT_EQ(std::signbit(dst[i]), std::signbit(expected[f][i]));
      }
    }
  }
}

TEST_P(ElementwiseMathTest, logReadsDenormalNumbersAndExpWritesThem) {
  const float tiny = std::numeric_limits<float>::denorm_min();
  EXPECT_FLOAT_EQ(Apply(Functions()[1], {tiny})[0], std::log(tiny));
  EXPECT_FLOAT_EQ(Apply(Functions()[1], {kSmallest / 3})[0], std::log(kSmallest / 3));
  EXPECT_EQ(Apply(Functions()[0], {-103})[0], std::exp(-103.0f));
  EXPECT_EQ(Apply(Functions()[0], {-104})[0], 0);
}

TEST_P(ElementwiseMathTest, aResultDependsNeitherOnItsPlaceNorOnTheCount) {
  Draw draw(5);
  const Floats values = draw.Floats(100);
  for (const Function& function : Functions()) {
    const std::vector<float> whole = Apply(function, values.ToVector());
    for (int64_t count = 0; count <= 40; ++count) {
      Floats dst(std::vector<float>(values.data(), values.data() + count));
      (kernels().*function.kernel)(count, dst.data(), dst.data());  // in place
      ExpectSameBits(dst, Floats(std::vector<float>(whole.begin(), whole.begin() + count)));
    }
  }
}

TEST(ElementwiseMathReferenceTest, doubleIsThatOfTheLibrary) {
  const std::vector<double> src = {0.5, 2};
  std::vector<double> dst(2);
  const Kernels<double>& kernels = KernelsFor<double>();
  kernels.exp(2, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<double>{std::exp(0.5), std::exp(2.0)}));
  kernels.log(2, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<double>{std::log(0.5), std::log(2.0)}));
  kernels.tanh(2, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<double>{std::tanh(0.5), std::tanh(2.0)}));
  kernels.sigmoid(2, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<double>{1 / (1 + std::exp(-0.5)), 1 / (1 + std::exp(-2.0))}));
}

}  // namespace
}  // namespace fovea
