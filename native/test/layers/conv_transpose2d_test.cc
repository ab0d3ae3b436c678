#include <gtest/gtest.h>

#include "layers/convolution_cases.h"
#include "layers/gradient_check.h"
#include "layers/weight_and_bias.h"

namespace fovea {
namespace {

TEST(ConvTranspose2dTest, addsTheWindowOfEachPixel) {
  LayerRun<double> run("ConvTranspose2d", "filters=1 kernel=2", {{1, 2, 1}}, 1);
  run.src[0] = {1, 2};
  const std::vector<double> weight = {1, 10, 100, 1000};
  std::copy(weight.begin(), weight.end(), run.weights.begin());
  run.weights[run.Start(1)] = 0.5;
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{1.5, 12.5, 20.5, 100.5, 1200.5, 2000.5}));
}

/// Each option alone, against differences, other targets and other chunks.
TEST(ConvTranspose2dTest, keepsTheLayerLaws) {
  for (const char* attributes : {
           "filters=3 kernel=3",
           "filters=3 kernel=3 bias=false",
           "filters=3 kernel=1",
           "filters=3 kernel=2 stride=2",
           "filters=3 kernel=3 stride=2 padding=same",
           "filters=3 kernel=2 stride=3 padding=same",
           "filters=3 kernel=3 stride=2 padding=1 outputPadding=1",
           "filters=3 kernel=4 stride=2 padding=1",
           "filters=3 kernel=1 stride=2",
           "filters=3 kernel=1 stride=2 bias=false",
           "filters=3 kernel=3,2 padding=0,1,1,0",
           "filters=3 kernel=3,5 padding=2,4",
           "filters=3 kernel=3 dilation=2",
           "filters=3 kernel=3 dilation=3,2 stride=2,3 padding=3",
           "filters=3 kernel=2 dilation=3 outputPadding=2",
           "filters=4 kernel=3 groups=2",
           "filters=2 kernel=3 stride=2 groups=2",
           "filters=17 kernel=3 stride=2",
       }) {
    ExpectLayerLaws({"ConvTranspose2d", attributes, {{4, 5, 2}}});
  }
}

/// Every channel by itself.
TEST(ConvTranspose2dTest, depthwiseKeepsTheLayerLaws) {
  for (const char* attributes : {"kernel=3", "kernel=3 stride=2", "kernel=2,3 stride=3,1"}) {
    ExpectLayerLaws(
        {"ConvTranspose2d", std::string("filters=27 groups=27 ") + attributes, {{4, 5, 27}}});
  }
}

TEST(ConvTranspose2dTest, keepsTheLayerLawsOnASeededGrid) {
  ExpectLayerLawsOnAGrid({.type = "ConvTranspose2d",
                          .cases = 30,
                          .least_extent = 3,
                          .named_padding = "same",
                          .padding = [](Draws& draws) { return draws.Pair(0, 1); }});
}

TEST(ConvTranspose2dTest, fusesRelu) {
  ExpectReluFuses({"ConvTranspose2d", "filters=35 kernel=3", {{7, 9, 5}}});
  // Pixels that no tap reaches are max(0, bias).
  ExpectReluFuses({"ConvTranspose2d", "filters=5 kernel=1 stride=2 padding=same", {{4, 3, 5}}});
  ExpectReluFuses({"ConvTranspose2d", "filters=6 kernel=4 stride=2 groups=3", {{4, 3, 6}}});
}

TEST(ConvTranspose2dTest, describesItsParameters) {
  const auto layer =
      MakeLayer<float>("ConvTranspose2d", "filters=6 kernel=5,4 stride=2 groups=2", {{9, 8, 4}});
  EXPECT_EQ(layer->OutputShape(), (Shape{21, 18, 6}));
  ExpectWeightAndBias(layer->Parameters(), {5, 4, 3, 4}, 10, 60, 6);
}

TEST(ConvTranspose2dTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("ConvTranspose2d", "filters=8 kernel=3", {{128}}),
            "expected an input [H, W, C]. Received: [128].");
  EXPECT_EQ(ErrorOfLayer("ConvTranspose2d", "filters=8 kernel=3", {}),
            "expected 1 source. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("ConvTranspose2d", "filters=0 kernel=3", {{4, 4, 3}}),
            "attribute 'filters': expected an integer > 0. Received: 0.");
  EXPECT_EQ(
      ErrorOfLayer("ConvTranspose2d", "filters=8 kernel=3 groups=2", {{4, 4, 3}}),
      "attribute 'groups': expected a divisor of the input's channels (3) and of filters (8). "
      "Received: 2.");
  EXPECT_EQ(ErrorOfLayer("ConvTranspose2d", "filters=8 kernel=3 outputPadding=1", {{4, 4, 3}}),
            "attribute 'outputPadding': expected less than the stride or the dilation, here 1. "
            "Received: 1.");
  EXPECT_EQ(ErrorOfLayer("ConvTranspose2d", "filters=8 kernel=3 padding=3", {{4, 4, 3}}),
            "expected an output [H, W, 8] with H and W from 1 to 65535. Received: [0, 0, 8] from "
            "the input [4, 4, 3]. Change stride, padding or outputPadding.");
}

}  // namespace
}  // namespace fovea
