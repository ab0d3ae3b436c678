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

Window Transposed(const std::string& text, const Shape& src) {
  return TransposedWindow(
      ParseAttributes("kernel stride=1 padding=valid outputPadding=0 dilation=1", text), src, 2);
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

std::vector<int64_t> Image(const Window& w) { return {w.ih, w.iw, w.channels}; }

TEST(WindowTest, transposedMakesTheImageThatAConvolutionWouldTake) {
  EXPECT_EQ(Image(Transposed("kernel=3", {5, 6, 1})), (std::vector<int64_t>{7, 8, 2}));
  EXPECT_EQ(Image(Transposed("kernel=2 stride=2", {5, 6, 1})), (std::vector<int64_t>{10, 12, 2}));
  EXPECT_EQ(Image(Transposed("kernel=3 stride=2 padding=1", {5, 6, 1})),
            (std::vector<int64_t>{9, 11, 2}));
  EXPECT_EQ(Image(Transposed("kernel=3 stride=2 padding=1 outputPadding=1", {5, 6, 1})),
            (std::vector<int64_t>{10, 12, 2}));
  EXPECT_EQ(Image(Transposed("kernel=3,2 stride=1,3 dilation=2,1 padding=0,1,2,0", {5, 6, 1})),
            (std::vector<int64_t>{8, 15, 2}));
}

TEST(WindowTest, transposedSameMultipliesByTheStride) {
  for (const char* text : {"kernel=1", "kernel=2", "kernel=3", "kernel=5,4 dilation=1,2"}) {
    const std::string same = std::string(text) + " stride=2,3 padding=same";
    const Window window = Transposed(same, {5, 6, 1});
    EXPECT_EQ(Image(window), (std::vector<int64_t>{10, 18, 2})) << text;
    EXPECT_EQ(Output(Conv(same, {10, 18, 2})), (std::vector<int64_t>{5, 6})) << text;
  }
  EXPECT_EQ(Padding(Transposed("kernel=4 stride=2 padding=same", {5, 6, 1})),
            (std::vector<int64_t>{1, 1, 1, 1}));
}

TEST(WindowTest, transposedRefusesWhatIsNoImage) {
  EXPECT_EQ(ErrorOf([] {
              Transposed("kernel=3 padding=2", {2, 9, 1});
            }),
            "expected an output [H, W, 2] with H and W from 1 to 65535. Received: [0, 7, 2] from "
            "the input [2, 9, 1]. Change stride, padding or outputPadding.");
  EXPECT_EQ(ErrorOf([] {
              Transposed("kernel=3 stride=1024", {65, 1, 1});
            }),
            "expected an output [H, W, 2] with H and W from 1 to 65535. Received: [65539, 3, 2] "
            "from the input [65, 1, 1]. Change stride, padding or outputPadding.");
  EXPECT_EQ(ErrorOf([] {
              Transposed("kernel=3 stride=2,3 outputPadding=2", {5, 5, 1});
            }),
            "attribute 'outputPadding': expected less than the stride or the dilation, here 2. "
            "Received: 2.");
  EXPECT_EQ(ErrorOf([] {
              Transposed("kernel=3 stride=2 outputPadding=1 padding=same", {5, 5, 1});
            }),
            "attribute 'outputPadding': expected 0 with padding=same. Received: 1.");
  EXPECT_EQ(ErrorOf([] {
              Transposed("kernel=3 outputPadding=-1", {5, 5, 1});
            }),
            "attribute 'outputPadding': expected an integer >= 0. Received: -1.");
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
