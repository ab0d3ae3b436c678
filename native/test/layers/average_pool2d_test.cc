#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(AveragePool2dTest, takesTheMeanOfEachWindowAndChannel) {
  LayerRun<double> run("AveragePool2d", "kernel=2 stride=2", {{2, 4, 2}}, 1);
  run.src[0] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 0, -8, 1, -8, 2, -7};
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{2, -4, 2.5, -5.5}));
}

TEST(AveragePool2dTest, paddingIsNotCounted) {
  LayerRun<double> run("AveragePool2d", "kernel=2 stride=2 padding=1", {{2, 2, 1}}, 1);
  run.src[0] = {1, 2, 3, 4};
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{1, 2, 3, 4}));
}

TEST(AveragePool2dTest, keepsTheLayerLaws) {
  for (const char* attributes :
       {"kernel=2 stride=2", "kernel=3 stride=2 padding=1", "kernel=3 stride=1 padding=same",
        "kernel=2,3 stride=1,2 padding=1,0,2,1", "kernel=1 stride=2", "kernel=2 stride=3",
        "kernel=5,6 stride=1"}) {
    ExpectLayerLaws({"AveragePool2d", attributes, {{5, 6, 3}}});
    ExpectTargetsAgree({"AveragePool2d", attributes, {{5, 6, 17}}});
  }
}

TEST(AveragePool2dTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("AveragePool2d", "kernel=2 stride=2", {{128}}),
            "expected an input [H, W, C]. Received: [128].");
  EXPECT_EQ(ErrorOfLayer("AveragePool2d", "kernel=2 stride=2 padding=2", {{4, 4, 1}}),
            "attribute 'padding': expected less than the kernel (2,2) on every side. Received: 2.");
}

}  // namespace
}  // namespace fovea
