#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(GlobalAveragePool2dTest, takesTheMeanOfEachChannel) {
  LayerRun<double> run("GlobalAveragePool2d", "", {{1, 2, 2}}, 2);
  run.src[0] = {1, 10, 3, 20, 5, 50, 5, 70};
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{2, 15, 5, 60}));
}

TEST(GlobalAveragePool2dTest, keepsTheLayerLaws) {
  ExpectLayerLaws({"GlobalAveragePool2d", "", {{3, 4, 2}}});
  ExpectLayerLaws({"GlobalAveragePool2d", "", {{1, 1, 5}}});
  ExpectLayerLaws({"GlobalAveragePool2d", "", {{5, 3, 17}}});
}

TEST(GlobalAveragePool2dTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("GlobalAveragePool2d", "", {{128}}),
            "expected an input [H, W, C]. Received: [128].");
}

}  // namespace
}  // namespace fovea
