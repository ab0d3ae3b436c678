#include <gtest/gtest.h>

#include "layers/gradient_check.h"
#include "layers/weight_and_bias.h"

namespace fovea {
namespace {

TEST(DenseTest, multipliesAndAddsTheBias) {
  LayerRun<double> run("Dense", "units=2", {{3}}, 2);
  run.src[0] = {1, 2, 3, 4, 5, 6};
  const std::vector<double> weight = {1, 10, 2, 20, 3, 30};  // [IC, OC]
  std::copy(weight.begin(), weight.end(), run.weights.begin());
  run.weights[run.Start(1)] = 0.5;
  run.weights[run.Start(1) + 1] = -0.5;
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{14.5, 139.5, 32.5, 319.5}));
}

TEST(DenseTest, keepsTheLayerLaws) {
  ExpectLayerLaws({"Dense", "units=3", {{4}}});
  ExpectLayerLaws({"Dense", "units=5 bias=false", {{2, 3, 2}}, 4});
  ExpectLayerLaws({"Dense", "units=16", {{7}}, 9});
  ExpectLayerLaws({"Dense", "units=33", {{17}}, 7});
  ExpectLayerLaws({"Dense", "units=1", {{1}}, 1});
}

TEST(DenseTest, fusesRelu) { ExpectReluFuses({"Dense", "units=35", {{11}}, 8}); }

TEST(DenseTest, describesItsParameters) {
  const auto layer = MakeLayer<float>("Dense", "units=10", {{4, 4, 2}});
  EXPECT_EQ(layer->OutputShape(), (Shape{10}));
  ExpectWeightAndBias(layer->Parameters(), {32, 10}, 32, 10, 10);
  EXPECT_EQ(MakeLayer<float>("Dense", "units=10 bias=false", {{4}})->Parameters().size(), 1u);
}

TEST(DenseTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Dense", "units=0", {{4}}),
            "attribute 'units': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("Dense", "units=3 bias=no", {{4}}),
            "attribute 'bias': expected true or false. Received: 'no'.");
  EXPECT_EQ(ErrorOfLayer("Dense", "units=3", {{4}, {4}}), "expected 1 source. Received: 2.");
}

}  // namespace
}  // namespace fovea
