#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(ReluTest, passesWhatIsPositive) {
  LayerRun<double> run("Relu", "", {{4}}, 1);
  run.src[0] = {-2, 0, 3, -0.5};
  run.diff_dst = {5, 6, 7, 8};
  run.Forward();
  run.Backward();
  EXPECT_EQ(run.dst, (std::vector<double>{0, 0, 3, 0}));
  EXPECT_EQ(run.diff_src[0], (std::vector<double>{0, 0, 7, 0}));
}

TEST(ReluTest, keepsTheLayerLaws) {
  LayerCase layer_case{"Relu", "", {{3, 5, 2}}};
  layer_case.drawing = Drawing::kAwayFromZero;
  ExpectLayerLaws(layer_case);
}

TEST(ReluTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Relu", "", {{4}, {4}}), "expected 1 source. Received: 2.");
}

TEST(ReluTest, runsBackInPlace) { ExpectBackwardRunsInPlace({"Relu", "", {{3, 19}}}); }

}  // namespace
}  // namespace fovea
