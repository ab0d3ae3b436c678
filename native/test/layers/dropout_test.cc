#include <gtest/gtest.h>

#include <numeric>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

/// The mask of `rows` rows of `size` elements: 0 where dropped.
std::vector<float> Mask(double rate, int size, int64_t rows, RandomKey key) {
  LayerRun<float> run("Dropout", "rate=" + std::to_string(rate), {{size}}, rows);
  run.random = key;
  std::fill(run.src[0].begin(), run.src[0].end(), 1.0f);
  run.Forward();
  return run.dst;
}

TEST(DropoutTest, dropsAtItsRateAndKeepsTheExpectation) {
  constexpr double kElements = 400 * 250;
  for (const double rate : {0.1, 0.5, 0.9}) {
    const std::vector<float> mask = Mask(rate, 250, 400, {42, 1, 2, 0});
    const auto dropped = static_cast<double>(std::count(mask.begin(), mask.end(), 0.0f));
    // Five standard deviations of a binomial: chance of failure with another seed 6e-7.
    const double bound = 5 * std::sqrt(rate * (1 - rate) / kElements);
    EXPECT_NEAR(dropped / kElements, rate, bound);
    const double mean = std::accumulate(mask.begin(), mask.end(), 0.0) / kElements;
    EXPECT_NEAR(mean, 1, bound / (1 - rate));
    for (const float value : mask) {
      ASSERT_TRUE(value == 0 || value == static_cast<float>(1 / (1 - rate))) << value;
    }
  }
}

TEST(DropoutTest, theSameKeyGivesTheSameMask) {
  const RandomKey key{42, 7, 3, 100};
  const std::vector<float> mask = Mask(0.5, 33, 8, key);
  EXPECT_EQ(Mask(0.5, 33, 8, key), mask);
  EXPECT_NE(Mask(0.5, 33, 8, {43, 7, 3, 100}), mask);
  EXPECT_NE(Mask(0.5, 33, 8, {42 + (uint64_t{1} << 32), 7, 3, 100}), mask);
  EXPECT_NE(Mask(0.5, 33, 8, {42, 8, 3, 100}), mask);
  EXPECT_NE(Mask(0.5, 33, 8, {42, 7, 4, 100}), mask);
  EXPECT_NE(Mask(0.5, 33, 8, {42, 7, 3, 101}), mask);
}

TEST(DropoutTest, rowsOfAStepDifferAndChunksDoNotMatter) {
  const std::vector<float> whole = Mask(0.5, 64, 4, {42, 7, 3, 10});
  const std::vector<float> second = Mask(0.5, 64, 1, {42, 7, 3, 11});
  EXPECT_EQ(second, RowsOf(whole, 4, 1, 1));
  EXPECT_NE(second, RowsOf(whole, 4, 0, 1));
}

TEST(DropoutTest, keepsTheLayerLaws) {
  ExpectLayerLaws({"Dropout", "", {{3, 7}}});
  ExpectLayerLaws({"Dropout", "rate=0", {{5}}});
  LayerCase predicting{"Dropout", "rate=0.9", {{3, 7}}};
  predicting.training = false;
  ExpectLayerLaws(predicting);
}

TEST(DropoutTest, passesEverythingOutsideTraining) {
  LayerRun<float> run("Dropout", "rate=0.9", {{3}}, 1);
  run.training = false;
  run.src[0] = {1, -2, 3};
  run.Forward();
  EXPECT_EQ(run.dst, run.src[0]);
}

TEST(DropoutTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Dropout", "rate=1", {{4}}),
            "attribute 'rate': expected a number >= 0 and < 1. Received: 1.");
  EXPECT_EQ(ErrorOfLayer("Dropout", "rate=-0.1", {{4}}),
            "attribute 'rate': expected a number >= 0 and < 1. Received: -0.1.");
}

}  // namespace
}  // namespace fovea
