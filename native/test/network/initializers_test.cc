#include "network/initializers.h"

#include <gtest/gtest.h>

#include <cmath>

namespace fovea {
namespace {

std::vector<double> Draw(std::string_view initializer, uint64_t seed, uint64_t index) {
  std::vector<double> values(40000);
  const ParameterSpec weight{"weight", {200, 200}, ParameterKind::kWeight, 200, 50};
  InitializeParameter(weight, initializer, seed, index, std::span(values));
  return values;
}

double Deviation(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

TEST(InitializersTest, HeIsNormalWithTheVarianceTwoOverFanIn) {
  const auto values = Draw("He", 42, 0);
  EXPECT_NEAR(Deviation(values), 0.1, 0.001);
  double sum = 0;
  int beyond_two = 0;
  for (const double value : values) {
    sum += value;
    beyond_two += std::abs(value) > 0.2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / 40000, 0, 0.002);
  EXPECT_NEAR(beyond_two / 40000.0, 0.0455, 0.005);
}

TEST(InitializersTest, XavierIsUniformWithinItsBound) {
  const double bound = std::sqrt(6.0 / 250);
  const auto values = Draw("Xavier", 42, 0);
  EXPECT_LE(*std::max_element(values.begin(), values.end()), bound);
  EXPECT_GE(*std::min_element(values.begin(), values.end()), -bound);
  EXPECT_NEAR(Deviation(values), bound / std::sqrt(3.0), 0.002);
}

TEST(InitializersTest, ValuesDependOnSeedAndParameterOnly) {
  EXPECT_EQ(Draw("He", 1, 3), Draw("He", 1, 3));
  EXPECT_NE(Draw("He", 1, 3), Draw("He", 2, 3));
  EXPECT_NE(Draw("He", 1, 3), Draw("He", 1, 4));
}

TEST(InitializersTest, BiasesStartAtZeroAndScalesAtOne) {
  std::vector<float> values(3, 7.0F);
  InitializeParameter({"bias", {3}, ParameterKind::kBias}, "He", 1, 0, std::span(values));
  EXPECT_EQ(values, std::vector<float>({0, 0, 0}));
  InitializeParameter({"gamma", {3}, ParameterKind::kScale}, "He", 1, 0, std::span(values));
  EXPECT_EQ(values, std::vector<float>({1, 1, 1}));
}

TEST(InitializersTest, ABiasMayStartAtOtherValuesRunByRun) {
  std::vector<float> values(6, 7.0F);
  ParameterSpec bias{"bias", {6}, ParameterKind::kBias};
  bias.start = {0.5, -2, 0};
  InitializeParameter(bias, "He", 1, 0, std::span(values));
  EXPECT_EQ(values, std::vector<float>({0.5F, 0.5F, -2, -2, 0, 0}));
}

}  // namespace
}  // namespace fovea
