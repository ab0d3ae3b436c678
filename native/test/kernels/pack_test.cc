#include "kernels/pack.h"

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

/// Checks every element of the packed form against B, and the zeros behind the last column.
void CheckPacked(int64_t depth, int64_t cols, int64_t b_depth, int64_t b_col, int64_t panel,
                 int64_t panel_stride, uint64_t seed) {
  Draw draw(seed);
  const GuardedArray<float> b = draw.Floats((depth - 1) * b_depth + (cols - 1) * b_col + 1);
  const int64_t panels = (cols + panel - 1) / panel;
  GuardedArray<float> packed((panels - 1) * panel_stride + depth * panel);
  PackPanels(depth, cols, b.data(), b_depth, b_col, panel, panel_stride, packed.data());
  for (int64_t k = 0; k < depth; ++k) {
    for (int64_t n = 0; n < panels * panel; ++n) {
      const float expected = n < cols ? b.data()[k * b_depth + n * b_col] : 0.0f;
      ASSERT_EQ(packed.data()[n / panel * panel_stride + k * panel + n % panel], expected)
          << "k " << k << ", n " << n;
    }
  }
}

TEST(PackPanels, packsContiguousRows) {
  uint64_t seed = 1;
  for (const int64_t panel : {16, 32}) {
    for (const int64_t cols : {1, 15, 16, 17, 32, 50, 64}) {
      CheckPacked(7, cols, cols + 3, 1, panel, 7 * panel, seed++);
    }
  }
}

TEST(PackPanels, packsATransposedMatrix) { CheckPacked(9, 37, 1, 11, 16, 9 * 16, 101); }

TEST(PackPanels, leavesRoomForOtherBlocksOfAPanel) {
  CheckPacked(5, 40, 40, 1, 16, 3 * 5 * 16, 201);
}

TEST(PackPanels, packedSizeCountsWholePanels) {
  EXPECT_EQ(PackedSize(5, 1, 16), 80);
  EXPECT_EQ(PackedSize(5, 32, 16), 160);
  EXPECT_EQ(PackedSize(5, 33, 16), 240);
}

}  // namespace
}  // namespace fovea
