#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(FlattenTest, isAViewOfOneDimension) {
  const auto layer = MakeLayer<float>("Flatten", "", {{4, 3, 2}});
  EXPECT_EQ(layer->OutputShape(), (Shape{24}));
  EXPECT_TRUE(layer->IsView());
}

TEST(FlattenTest, keepsTheLayerLaws) { ExpectLayerLaws({"Flatten", "", {{3, 2, 3}}}); }

TEST(FlattenTest, leavesSharedMemoryAlone) {
  const auto layer = MakeLayer<float>("Flatten", "", {{2, 2}});
  std::vector<float> memory = {1, 2, 3, 4};
  const float* src = memory.data();
  float* diff_src = memory.data();
  ForwardArgs<float> forward;
  forward.rows = 1;
  forward.src = {&src, 1};
  forward.dst = memory.data();
  layer->Forward(forward);
  BackwardArgs<float> backward;
  backward.rows = 1;
  backward.diff_dst = memory.data();
  backward.diff_src = {&diff_src, 1};
  layer->Backward(backward);
  EXPECT_EQ(memory, (std::vector<float>{1, 2, 3, 4}));
}

TEST(FlattenTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Flatten", "", {}), "expected 1 source. Received: 0.");
}

}  // namespace
}  // namespace fovea
