#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(MaxPool2dTest, takesTheLargestOfEachWindowAndChannel) {
  LayerRun<double> run("MaxPool2d", "kernel=2 stride=2", {{2, 4, 2}}, 1);
  run.src[0] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 0, -9, 1, -8, 2, -7};
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{5, -1, 4, -3}));
}

TEST(MaxPool2dTest, tiesGoToTheFirstInRowOrder) {
  LayerRun<double> run("MaxPool2d", "kernel=2 stride=2", {{2, 2, 1}}, 1);
  run.src[0] = {1, 7, 7, 7};
  run.diff_dst = {3};
  run.Forward();
  run.Backward();
  EXPECT_EQ(run.diff_src[0], (std::vector<double>{0, 3, 0, 0}));
}

TEST(MaxPool2dTest, undoesTheReluOfItsSource) {
  LayerRun<double> run("MaxPool2d", "kernel=2 stride=2", {{2, 4, 1}}, 1);
  ASSERT_TRUE(run.layer->UndoesSrcRelu());
  run.src_relu = true;
  run.src[0] = {0, 0, 0, 5, 0, 0, 4, 0};
  run.diff_dst = {3, 7};
  run.Forward();
  run.Backward();
  EXPECT_EQ(run.diff_src[0], (std::vector<double>{0, 0, 0, 7, 0, 0, 0, 0}));
}

TEST(MaxPool2dTest, paddingNeverWins) {
  LayerRun<double> run("MaxPool2d", "kernel=3 stride=2 padding=1", {{2, 2, 1}}, 1);
  run.src[0] = {-4, -3, -2, -1};
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{-1}));
}

TEST(MaxPool2dTest, keepsTheLayerLaws) {
  for (const char* attributes :
       {"kernel=2 stride=2", "kernel=3 stride=2 padding=1", "kernel=3 stride=1 padding=same",
        "kernel=2,3 stride=1,2 padding=1,0,2,1", "kernel=1 stride=2", "kernel=2 stride=3",
        "kernel=5,6 stride=1"}) {
    LayerCase layer_case{"MaxPool2d", attributes, {{5, 6, 3}}};
    layer_case.drawing = Drawing::kDistinct;
    ExpectLayerLaws(layer_case);
    layer_case.src = {{5, 6, 17}};
    ExpectTargetsAgree(layer_case);
  }
}

TEST(MaxPool2dTest, takesAWindowOf256Pixels) {
  LayerCase layer_case{"MaxPool2d", "kernel=16 stride=1", {{17, 16, 1}}, 1};
  layer_case.drawing = Drawing::kDistinct;
  ExpectLayerLaws(layer_case);
}

TEST(MaxPool2dTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("MaxPool2d", "kernel=17 stride=1", {{20, 20, 1}}),
            "attribute 'kernel': expected at most 256 pixels. Received: 17.");
  EXPECT_EQ(ErrorOfLayer("MaxPool2d", "kernel=0 stride=1", {{20, 20, 1}}),
            "attribute 'kernel': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("MaxPool2d", "kernel=2 stride=2", {{128}}),
            "expected an input [H, W, C]. Received: [128].");
  EXPECT_EQ(ErrorOfLayer("MaxPool2d", "kernel=2", {{4, 4, 1}}),
            "attribute 'stride': expected a value. Received: nothing.");
}

}  // namespace
}  // namespace fovea
