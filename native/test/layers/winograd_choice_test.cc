#include <gtest/gtest.h>

#include "layers/convolution.h"
#include "layers/gradient_check.h"
#include "layers/window.h"

namespace fovea {
namespace {

Window WindowOf(const std::string& text, const Shape& src) {
  return ConvWindow(ParseAttributes("kernel stride=1 padding=same dilation=1", text), src);
}

TEST(WinogradChoiceTest, paysFrom16ChannelsAnd16FiltersOn) {
  const auto pays = [](int channels, int64_t filters) {
    return WinogradPays(WindowOf("kernel=3", {13, 13, channels}), filters);
  };
  EXPECT_TRUE(pays(16, 16));
  EXPECT_TRUE(pays(256, 384));
  EXPECT_FALSE(pays(15, 16));
  EXPECT_FALSE(pays(16, 15));
  EXPECT_FALSE(pays(15, 512));
  EXPECT_FALSE(pays(512, 15));
}

/// The comments count products: those of points, and those of taps, for each channel and filter.
TEST(WinogradChoiceTest, paysWherePointsSaveAThirdOfTheProducts) {
  const auto pays = [](const std::string& text, int height, int width) {
    return WinogradPays(WindowOf(text, {height, width, 64}), 64);
  };
  EXPECT_FALSE(pays("kernel=3", 1, 1));  // 3 * 3, 9
  EXPECT_TRUE(pays("kernel=3", 1, 2));   // 3 * 4, 18: a third, no more
  EXPECT_TRUE(pays("kernel=3", 2, 1));
  EXPECT_TRUE(pays("kernel=3", 2, 2));    // 4 * 4, 36
  EXPECT_TRUE(pays("kernel=3", 7, 7));    // 11 * 11, 441
  EXPECT_TRUE(pays("kernel=3", 13, 13));  // 21 * 21, 1521
  EXPECT_FALSE(pays("kernel=5", 1, 1));   // 5 * 5, 25
  EXPECT_FALSE(pays("kernel=5", 1, 3));   // 5 * 11, 75
  EXPECT_FALSE(pays("kernel=5", 5, 1));   // 17 * 5, 125
  EXPECT_TRUE(pays("kernel=5", 1, 7));    // 5 * 23, 175
  EXPECT_TRUE(pays("kernel=5", 2, 2));    // 6 * 6, 100
  EXPECT_TRUE(pays("kernel=5", 13, 13));  // 41 * 41, 4225
  // It is the results that count, not the pixels.
  EXPECT_FALSE(pays("kernel=3 padding=valid", 3, 3));
  EXPECT_TRUE(pays("kernel=3 padding=valid", 4, 4));
  EXPECT_TRUE(pays("kernel=3 padding=2", 1, 1));
}

TEST(WinogradChoiceTest, windowsAreSquaresOf3Or5TapsWithoutGaps) {
  const auto can = [](const std::string& text) {
    return CanBeWinograd(WindowOf(text, {13, 13, 64}));
  };
  EXPECT_TRUE(can("kernel=3"));
  EXPECT_TRUE(can("kernel=5 padding=4,0,1,2"));
  for (const char* text :
       {"kernel=1", "kernel=2", "kernel=4", "kernel=7", "kernel=3,5", "kernel=5,3",
        "kernel=3 stride=2", "kernel=3 stride=1,2", "kernel=3 stride=2,1", "kernel=5 stride=2",
        "kernel=3 dilation=2", "kernel=3 dilation=1,2", "kernel=3 dilation=2,1"}) {
    EXPECT_FALSE(can(text)) << text;
  }
}

/// The two ways round differently, so these tell which it was.
std::vector<float> Results(const std::string& attributes, const Shape& src) {
  LayerRun<float> run = MakeRun<float>({"Conv2d", attributes, {src}});
  run.Forward();
  return run.dst;
}

TEST(WinogradChoiceTest, aLayerThatNamesNoWayTakesWinogradWhereItPays) {
  for (const auto& [attributes, src] : {std::pair<std::string, Shape>{"kernel=3", {13, 13, 16}},
                                        {"kernel=3", {1, 2, 16}},
                                        {"kernel=3", {2, 2, 20}},
                                        {"kernel=5", {2, 2, 16}},
                                        {"kernel=5", {6, 7, 16}}}) {
    SCOPED_TRACE(attributes + " " + ToString(src));
    const std::string layer = "filters=16 " + attributes;
    EXPECT_EQ(Results(layer, src), Results(layer + " convolution=winograd", src));
    EXPECT_NE(Results(layer, src), Results(layer + " convolution=direct", src));
  }
}

TEST(WinogradChoiceTest, aLayerThatNamesNoWayIsDirectElsewhere) {
  for (const auto& [attributes, src] :
       {std::pair<std::string, Shape>{"filters=16 kernel=3", {13, 13, 15}},
        {"filters=15 kernel=3", {13, 13, 16}},
        {"filters=16 kernel=3", {1, 1, 16}},
        {"filters=16 kernel=5", {1, 3, 16}},
        {"filters=16 kernel=3 stride=2", {13, 13, 16}},
        {"filters=16 kernel=3 dilation=2", {13, 13, 16}},
        {"filters=32 kernel=3 groups=2", {13, 13, 32}}}) {
    SCOPED_TRACE(attributes + " " + ToString(src));
    EXPECT_EQ(Results(attributes, src), Results(attributes + " convolution=direct", src));
  }
}

}  // namespace
}  // namespace fovea
