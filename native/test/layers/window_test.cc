#include "layers/window.h"

#include <gtest/gtest.h>

#include "layers/layer_run.h"

namespace fovea {
namespace {

Window Conv(const std::string& text, const Shape& src) {
  return ConvWindow(ParseAttributes("kernel stride=1 padding=same dilation=1", text), src);
}

Window Pool(const std::string& text, const Shape& src) {
  return PoolWindow(ParseAttributes("kernel stride padding=valid", text), src);
}

std::vector<int64_t> Padding(const Window& w) { return {w.top, w.bottom, w.left, w.right}; }
std::vector<int64_t> Output(const Window& w) { return {w.oh, w.ow}; }

TEST(WindowTest, samePutsTheOddPixelAtTheBottomAndRight) {
  const Window odd = Conv("kernel=3", {5, 6, 1});
  EXPECT_EQ(Output(odd), (std::vector<int64_t>{5, 6}));
  EXPECT_EQ(Padding(odd), (std::vector<int64_t>{1, 1, 1, 1}));
  const Window even = Conv("kernel=2,4", {5, 6, 1});
  EXPECT_EQ(Output(even), (std::vector<int64_t>{5, 6}));
  EXPECT_EQ(Padding(even), (std::vector<int64_t>{0, 1, 1, 2}));
}

TEST(WindowTest, sameDividesByTheStrideRoundingUp) {
  const Window w = Conv("kernel=3 stride=2", {224, 7, 1});
  EXPECT_EQ(Output(w), (std::vector<int64_t>{112, 4}));
  EXPECT_EQ(Padding(w), (std::vector<int64_t>{0, 1, 1, 1}));
  const Window sparse = Conv("kernel=1 stride=3", {7, 9, 1});
  EXPECT_EQ(Output(sparse), (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(Padding(sparse), (std::vector<int64_t>{0, 0, 0, 0}));
  const Window dilated = Conv("kernel=3 dilation=2", {9, 9, 1});
  EXPECT_EQ(Output(dilated), (std::vector<int64_t>{9, 9}));
  EXPECT_EQ(Padding(dilated), (std::vector<int64_t>{2, 2, 2, 2}));
}

TEST(WindowTest, readsPaddingInOneTwoOrFourNumbers) {
  EXPECT_EQ(Padding(Conv("kernel=3 padding=valid", {9, 9, 1})), (std::vector<int64_t>{0, 0, 0, 0}));
  EXPECT_EQ(Padding(Conv("kernel=3 padding=2", {9, 9, 1})), (std::vector<int64_t>{2, 2, 2, 2}));
  EXPECT_EQ(Padding(Conv("kernel=3 padding=1,2", {9, 9, 1})), (std::vector<int64_t>{1, 1, 2, 2}));
  const Window sides = Conv("kernel=3 padding=0,1,2,3", {9, 9, 1});
  EXPECT_EQ(Padding(sides), (std::vector<int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(Output(sides), (std::vector<int64_t>{8, 12}));
}

TEST(WindowTest, leavesOutWhatTheStrideCannotReach) {
  EXPECT_EQ(Output(Pool("kernel=2 stride=2", {7, 6, 1})), (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(Output(Pool("kernel=3 stride=2 padding=1", {7, 6, 1})), (std::vector<int64_t>{4, 3}));
}

TEST(WindowTest, refusesPaddingOutOfForm) {
  for (const std::string padding :
       {"full", "", "-1", "1,2,3", "1,2,3,4,5", "1,", "1.5", "32768", "1,2;3"}) {
    EXPECT_EQ(ErrorOf([&] {
                Conv("kernel=3 padding=" + padding, {9, 9, 1});
              }),
              "attribute 'padding': expected same, valid, or 1, 2 or 4 integers from 0 to 32767. "
              "Received: '" +
                  padding + "'.");
  }
}

TEST(WindowTest, refusesAPoolOfPaddingOnly) {
  EXPECT_EQ(ErrorOf([] {
              Pool("kernel=2 stride=2 padding=2", {9, 9, 1});
            }),
            "attribute 'padding': expected less than the kernel (2,2) on every side. Received: 2.");
  EXPECT_EQ(
      ErrorOf([] {
        Pool("kernel=3,2 stride=2 padding=2,1,0,2", {9, 9, 1});
      }),
      "attribute 'padding': expected less than the kernel (3,2) on every side. Received: 2,1,0,2.");
}

TEST(WindowTest, refusesAnImageSmallerThanTheWindow) {
  EXPECT_EQ(ErrorOf([] {
              Pool("kernel=3 stride=1", {2, 9, 1});
            }),
            "expected an input [H, W, C] with H >= 3 and W >= 3. Received: [2, 9, 1].");
}

}  // namespace
}  // namespace fovea
