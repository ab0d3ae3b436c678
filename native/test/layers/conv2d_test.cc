#include <gtest/gtest.h>

#include <limits>

#include "layers/convolution_cases.h"
#include "layers/gradient_check.h"
#include "layers/weight_and_bias.h"

namespace fovea {
namespace {

TEST(Conv2dTest, sumsTheWindow) {
  LayerRun<double> run("Conv2d", "filters=1 kernel=2 padding=valid", {{2, 3, 1}}, 1);
  run.src[0] = {1, 2, 3, 4, 5, 6};
  const std::vector<double> weight = {1, 10, 100, 1000};
  std::copy(weight.begin(), weight.end(), run.weights.begin());
  run.weights[run.Start(1)] = 0.5;
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{5421.5, 6532.5}));
}

/// The direct way, each option alone, against differences, other targets and other chunks.
TEST(Conv2dTest, keepsTheLayerLaws) {
  for (const char* attributes : {
           "filters=3 kernel=3",
           "filters=3 kernel=3 bias=false",
           "filters=3 kernel=3 padding=valid",
           "filters=3 kernel=2",
           "filters=3 kernel=1",
           "filters=3 kernel=1 stride=2",
           "filters=3 kernel=1 stride=3,2 padding=1",
           "filters=3 kernel=3 stride=2",
           "filters=3 kernel=3 stride=2 padding=valid",
           "filters=3 kernel=2 stride=3",
           "filters=3 kernel=5,3 stride=3,1 padding=2,1",
           "filters=3 kernel=3,2 padding=0,1,2,3",
           "filters=3 kernel=3 dilation=2",
           "filters=3 kernel=3 dilation=2,1 stride=1,2",
           "filters=3 kernel=3 dilation=2 stride=2",
           "filters=3 kernel=3 dilation=3,2 stride=2,3 padding=3",
           "filters=4 kernel=3 groups=2",
           "filters=2 kernel=3 stride=2 groups=2 dilation=1,2",
           "filters=6 kernel=2,3 groups=2 padding=1,0,0,2",
           "filters=2 kernel=1 groups=2",
           "filters=17 kernel=3",
           "filters=16 kernel=3,1",
           "filters=3 kernel=5,6 padding=valid",
           "filters=3 kernel=6,7 padding=6",
       }) {
    ExpectLayerLaws({"Conv2d", std::string(attributes) + " convolution=direct", {{5, 6, 2}}});
  }
}

/// Every channel by itself, channels enough for pairs of vectors, one vector and a part of one.
TEST(Conv2dTest, depthwiseKeepsTheLayerLaws) {
  for (const char* attributes : {
           "kernel=3",
           "kernel=3 bias=false",
           "kernel=3 stride=2",
           "kernel=3,2 stride=1,3 dilation=2,1 padding=1,0,2,3",
           "kernel=1 stride=2",
           "kernel=1",
       }) {
    ExpectLayerLaws({"Conv2d", std::string("filters=27 groups=27 ") + attributes, {{5, 6, 27}}});
  }
}

/// Images of one band in float and of several in double.
TEST(Conv2dTest, bandsOfAnImageMakeTheImage) {
  for (const char* attributes : {
           "filters=40 kernel=3",
           "filters=40 kernel=3 padding=valid",
           "filters=40 kernel=3 stride=2",
           "filters=40 kernel=3,2 stride=3,1 dilation=2 padding=4,1,2,0",
           "filters=40 kernel=3 groups=2",
           "filters=40 kernel=3 groups=40",
           "filters=40 kernel=3 groups=40 stride=2",
       }) {
    LayerCase layer_case{
        "Conv2d", std::string(attributes) + " convolution=direct", {{22, 30, 40}}, 2};
    layer_case.diff_weights_tolerance = 1e-4;  // sums of hundreds of products
    ExpectTargetsAgree(layer_case);
  }
}

TEST(Conv2dTest, keepsTheLayerLawsOnASeededGrid) {
  ExpectLayerLawsOnAGrid({.type = "Conv2d",
                          .cases = 40,
                          .least_extent = 5,
                          .named_padding = "valid",
                          .padding =
                              [](Draws& draws) {
                                const std::string vertical = draws.Pair(0, 3);
                                return vertical + "," + draws.Pair(0, 3);
                              },
                          .attributes = "convolution=direct"});
}

/// Winograd's way alone: maps that fill no tile, fill some, and leave a rest; every padding.
TEST(Conv2dTest, winogradKeepsTheLayerLaws) {
  for (const char* attributes : {
           "filters=3 kernel=3",
           "filters=3 kernel=3 bias=false",
           "filters=3 kernel=3 padding=valid",
           "filters=2 kernel=3 padding=2",
           "filters=2 kernel=3 padding=0,1,2,3",
           "filters=3 kernel=5",
           "filters=3 kernel=5 padding=valid",
           "filters=2 kernel=5 padding=1,4,3,0",
           "filters=17 kernel=3",
       }) {
    const std::string winograd = std::string(attributes) + " convolution=winograd";
    for (const Shape& shape : {Shape{5, 6, 2}, Shape{9, 5, 1}, Shape{7, 8, 1}}) {
      LayerCase layer_case{"Conv2d", winograd, {shape}};
      ExpectLayerLaws(layer_case);
    }
  }
}

/// Relative to the largest.
double Distance(const std::vector<float>& actual, const std::vector<float>& expected) {
  double difference = 0, largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    if (!std::isfinite(actual[i])) return std::numeric_limits<double>::infinity();
    difference = std::max<double>(difference, std::abs(actual[i] - expected[i]));
    largest = std::max<double>(largest, std::abs(expected[i]));
  }
  return difference / largest;
}

/// With channels enough for several panels and runs, and rows enough for several blocks of tiles.
TEST(Conv2dTest, winogradIsCloseToDirect) {
  struct Case {
    int channels, filters, height, width, kernel;
    int64_t rows;
  };
  for (const Case& c :
       {Case{16, 16, 32, 32, 3, 4}, Case{64, 48, 14, 15, 3, 9}, Case{130, 70, 7, 6, 3, 5},
        Case{300, 20, 5, 9, 3, 3}, Case{20, 300, 9, 5, 3, 3}, Case{24, 40, 13, 11, 5, 6},
        Case{40, 24, 13, 13, 3, 1}, Case{40, 24, 10, 14, 3, 8}, Case{16, 20, 3, 2, 3, 9},
        Case{20, 36, 6, 7, 5, 1}}) {
    const std::string attributes =
        "filters=" + std::to_string(c.filters) + " kernel=" + std::to_string(c.kernel);
    LayerCase direct{
        "Conv2d", attributes + " convolution=direct", {{c.height, c.width, c.channels}}, c.rows};
    LayerCase winograd = direct;
    winograd.attributes = attributes + " convolution=winograd";
    for (const std::string_view target : AvailableTargets()) {
      if (target == "reference") continue;  // slow, and the same arithmetic
      SCOPED_TRACE(winograd.Text() + " on " + std::string(target));
      LayerRun<float> expected = MakeRun<float>(direct, target);
      LayerRun<float> actual = MakeRun<float>(winograd, target);
      for (LayerRun<float>* run : {&expected, &actual}) {
        run->Forward();
        run->Backward();
      }
      EXPECT_LE(Distance(actual.dst, expected.dst), 5e-6);
      EXPECT_LE(Distance(actual.diff_src[0], expected.diff_src[0]), 5e-6);
      EXPECT_LE(Distance(actual.diff_weights, expected.diff_weights), 5e-6);
    }
  }
}

/// Maps of all sizes, and with them tiles: in double next to nothing is lost.
TEST(Conv2dTest, winogradIsDirectInDouble) {
  for (const char* kernel : {"3", "3 padding=valid", "5", "5 padding=4,3"}) {
    for (int height = 5; height <= 9; ++height) {
      for (int width = 5; width <= 9; ++width) {
        const std::string attributes = std::string("filters=3 kernel=") + kernel;
        LayerCase direct{
            "Conv2d", attributes + " convolution=direct", {{height, width, 2}}, 1 + width % 2};
        LayerCase winograd = direct;
        winograd.attributes = attributes + " convolution=winograd";
        LayerRun<double> expected = MakeRun<double>(direct), actual = MakeRun<double>(winograd);
        for (LayerRun<double>* run : {&expected, &actual}) {
          run->Forward();
          run->Backward();
        }
        ExpectClose(actual.dst, expected.dst, 1e-12, winograd.Text() + " dst");
        ExpectClose(actual.diff_src[0], expected.diff_src[0], 1e-12, winograd.Text() + " diff_src");
        ExpectClose(actual.diff_weights, expected.diff_weights, 1e-12,
                    winograd.Text() + " diff_weights");
      }
    }
  }
}

/// A plan allots the scratch of its largest chunk; smaller ones run in the same memory.
TEST(Conv2dTest, fewerRowsNeedNoMoreScratch) {
  for (const char* attributes :
       {"filters=64 kernel=3", "filters=64 kernel=3 convolution=winograd",
        "filters=64 kernel=5 convolution=winograd", "filters=64 kernel=3 convolution=direct"}) {
    for (const Shape& shape :
         {Shape{32, 32, 64}, Shape{13, 9, 24}, Shape{7, 6, 32}, Shape{8, 8, 256}}) {
      const LayerPtr<float> layer = MakeLayer<float>("Conv2d", attributes, {shape});
      for (int64_t rows = 2; rows <= 70; ++rows) {
        EXPECT_GE(layer->ScratchBytes(rows), layer->ScratchBytes(rows - 1))
            << attributes << ", " << rows << " rows";
      }
    }
  }
}

TEST(Conv2dTest, fusesRelu) {
  ExpectReluFuses({"Conv2d", "filters=35 kernel=3 convolution=direct", {{7, 9, 5}}});
  ExpectReluFuses({"Conv2d", "filters=35 kernel=3 convolution=winograd", {{7, 9, 5}}});
  ExpectReluFuses({"Conv2d", "filters=4 kernel=1", {{7, 9, 5}}});
  ExpectReluFuses({"Conv2d", "filters=6 kernel=3 groups=3 bias=false", {{7, 9, 6}}});
  ExpectReluFuses({"Conv2d", "filters=6 kernel=3 groups=6", {{7, 9, 6}}});
}

TEST(Conv2dTest, fusesAdd) {
  ExpectAddFuses({"Conv2d", "filters=35 kernel=3 bias=false convolution=direct", {{7, 9, 5}}});
  ExpectAddFuses({"Conv2d", "filters=6 kernel=3 stride=2 groups=3 bias=false", {{7, 9, 6}}});
  ExpectAddFuses({"Conv2d", "filters=6 kernel=3 stride=2 groups=6 bias=false", {{7, 9, 6}}});
  ExpectAddFuses({"Conv2d", "filters=4 kernel=1 bias=false", {{7, 9, 5}}});
  ExpectAddFuses({"Conv2d", "filters=35 kernel=3 convolution=winograd", {{7, 9, 5}}});
}

TEST(Conv2dTest, describesItsParameters) {
  const auto layer = MakeLayer<float>("Conv2d", "filters=6 kernel=5,3 groups=2", {{9, 8, 4}});
  EXPECT_EQ(layer->OutputShape(), (Shape{9, 8, 6}));
  ExpectWeightAndBias(layer->Parameters(), {5, 3, 2, 6}, 30, 45, 6);
}

TEST(Conv2dTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernel=3", {{128}}),
            "expected an input [H, W, C]. Received: [128].");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernel=3", {}), "expected 1 source. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernel=0", {{4, 4, 3}}),
            "attribute 'kernel': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=-1 kernel=3", {{4, 4, 3}}),
            "attribute 'filters': expected an integer > 0. Received: -1.");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernel=5 padding=valid", {{4, 7, 3}}),
            "expected an input [H, W, C] with H >= 5 and W >= 5. Received: [4, 7, 3].");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernel=3 dilation=3 padding=1,0", {{4, 7, 3}}),
            "expected an input [H, W, C] with H >= 5 and W >= 7. Received: [4, 7, 3].");
  EXPECT_EQ(
      ErrorOfLayer("Conv2d", "filters=8 kernel=3 groups=2", {{4, 4, 3}}),
      "attribute 'groups': expected a divisor of the input's channels (3) and of filters (8). "
      "Received: 2.");
  EXPECT_EQ(
      ErrorOfLayer("Conv2d", "filters=8 kernel=3 groups=3", {{4, 4, 3}}),
      "attribute 'groups': expected a divisor of the input's channels (3) and of filters (8). "
      "Received: 3.");
  for (const char* attributes : {"kernel=2", "kernel=3,5", "kernel=3 stride=2",
                                 "kernel=3 dilation=2", "kernel=3 groups=2"}) {
    EXPECT_EQ(
        ErrorOfLayer("Conv2d", "filters=8 convolution=winograd " + std::string(attributes),
                     {{9, 9, 4}}),
        "attribute 'convolution': expected auto or direct, since winograd takes kernel 3 or 5 "
        "with stride 1, dilation 1 and groups 1. Received: 'winograd'.");
  }
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernel=3 convolution=fft", {{4, 4, 3}}),
            "attribute 'convolution': expected one of auto, direct, winograd. Received: 'fft'.");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8", {{4, 4, 3}}),
            "attribute 'kernel': expected a value. Received: nothing.");
  EXPECT_EQ(ErrorOfLayer("Conv2d", "filters=8 kernal=3", {{4, 4, 3}}),
            "attribute 'kernal': expected one of from, weightsOf, frozen, learningRate, l2, "
            "initializer, precision, filters, kernel, stride, padding, dilation, groups, bias, "
            "convolution. "
            "Received: 'kernal'.");
}

}  // namespace
}  // namespace fovea
