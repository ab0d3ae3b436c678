#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(ConcatTest, putsChannelsSideBySide) {
  LayerRun<double> run("Concat", "", {{1, 2, 2}, {1, 2, 1}}, 1);
  run.src = {{1, 2, 3, 4}, {10, 20}};
  run.Forward();
  EXPECT_EQ(run.layer->OutputShape(), (Shape{1, 2, 3}));
  EXPECT_EQ(run.dst, (std::vector<double>{1, 2, 10, 3, 4, 20}));
}

TEST(ConcatTest, keepsTheLayerLaws) {
  ExpectLayerLaws({"Concat", "", {{3, 2, 3}, {3, 2, 1}, {3, 2, 4}}});
  ExpectLayerLaws({"Concat", "", {{5}, {3}}});
}

TEST(ConcatTest, skipsTheGradientsThatNobodyAsksFor) {
  LayerRun<double> run("Concat", "", {{1}, {2}}, 2);
  run.diff_dst = {1, 2, 3, 4, 5, 6};
  run.wants_diff_src[0] = false;
  run.Forward();
  run.Backward();
  EXPECT_EQ(run.diff_src[1], (std::vector<double>{2, 3, 5, 6}));
}

TEST(ConcatTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Concat", "", {{4}}),
            "expected 2 or more sources. Received: 1. Name them with from=a,b.");
  EXPECT_EQ(ErrorOfLayer("Concat", "", {{4, 4, 8}, {4, 5, 8}}),
            "expected sources that differ in the last size only. Received: [4, 4, 8] and "
            "[4, 5, 8].");
  EXPECT_EQ(ErrorOfLayer("Concat", "", {{4, 4, 8}, {8}}),
            "expected sources that differ in the last size only. Received: [4, 4, 8] and [8].");
}

}  // namespace
}  // namespace fovea
