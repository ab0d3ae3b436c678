#include <gtest/gtest.h>

#include "layers/gradient_check.h"

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

/// Settings drawn together, odd sizes included.
TEST(ConvTranspose2dTest, keepsTheLayerLawsOnASeededGrid) {
  Draws draws(7);
  for (uint64_t i = 0; i < 30; ++i) {
    const int groups = static_cast<int>(1 + draws.Index(3));
    const int ic = groups * static_cast<int>(1 + draws.Index(3));
    const int oc = groups * static_cast<int>(1 + draws.Index(3));
    std::string attributes = "filters=" + std::to_string(oc) + " groups=" + std::to_string(groups);
    attributes += " kernel=" + draws.Pair(1, 3);
    attributes += " stride=" + draws.Pair(1, 3);
    attributes += " dilation=" + draws.Pair(1, 2);
    switch (draws.Index(3)) {
      case 0:
        break;
      case 1:
        attributes += " padding=same";
        break;
      default:
        attributes += " padding=" + draws.Pair(0, 1);
    }
    const int ih = static_cast<int>(3 + draws.Index(4));
    const int iw = static_cast<int>(3 + draws.Index(4));
    LayerCase layer_case{"ConvTranspose2d", attributes, {{ih, iw, ic}}, 2};
    layer_case.seed = i;
    ExpectLayerLaws(layer_case);
  }
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
  const std::vector<ParameterSpec> parameters = layer->Parameters();
  ASSERT_EQ(parameters.size(), 2u);
  EXPECT_EQ(parameters[0].name, "weight");
  EXPECT_EQ(parameters[0].shape, (Shape{5, 4, 3, 4}));
  EXPECT_EQ(parameters[0].kind, ParameterKind::kWeight);
  EXPECT_EQ(parameters[0].fan_in, 10);
  EXPECT_EQ(parameters[0].fan_out, 60);
  EXPECT_EQ(parameters[1].name, "bias");
  EXPECT_EQ(parameters[1].shape, (Shape{6}));
  EXPECT_EQ(parameters[1].kind, ParameterKind::kBias);
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
