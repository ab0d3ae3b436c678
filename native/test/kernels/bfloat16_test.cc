#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

/// Products of bfloat16, in numbers that a reader can follow; brgemm_test.cc has those of any
/// shape.
class Bfloat16Test : public TargetTest {
 protected:
  /// a * b as the products of bfloat16 have it.
  float Times(float a, float b) const {
    Brgemm<float> g;
    std::vector<float> row(64, 0);
    float c = 0;
    row[0] = b;
    g.rows = g.cols = g.depth = g.a_row = 1;
    g.a = &a;
    g.b = row.data();
    g.b_depth = kernels().panel;
    g.c = &c;
    g.c_row = 1;
    kernels().bfloat16_brgemm(g);
    return c;
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, Bfloat16Test, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(Bfloat16Test, operandsAreRoundedToTheNearestTiesToEven) {
  constexpr float kUnit = 1.0F / 128;  // of the last of 8 bits, from 1 to 2
  const std::vector<std::pair<float, float>> rounded = {
      {1 + kUnit, 1 + kUnit},
      {1 + 0.49F * kUnit, 1},
      {1 + 0.5F * kUnit, 1},
      {1 + 0.51F * kUnit, 1 + kUnit},
      {1 + 1.5F * kUnit, 1 + 2 * kUnit},
      {-1 - 2.5F * kUnit, -1 - 2 * kUnit},
      {2 - 0.25F * kUnit, 2},
      {0, 0},
      {1e30F, std::ldexp(202.0F, 92)},  // 1e30 is 201.95 * 2^92
      {INFINITY, INFINITY},
      {-INFINITY, -INFINITY},
      {3.4e38F, INFINITY},  // beyond the largest bfloat16
  };
  for (const auto& [from, to] : rounded) {
    EXPECT_EQ(Times(from, 1), to) << from;
    EXPECT_EQ(Times(1, from), to) << from;
  }
}

TEST_P(Bfloat16Test, notANumberStaysSo) {
  for (const uint32_t bits : {0x7fc00000U, 0x7f800001U, 0x7fffffffU, 0xffffffffU}) {
    const float nan = std::bit_cast<float>(bits);
    EXPECT_TRUE(std::isnan(Times(nan, 1))) << bits;
    EXPECT_TRUE(std::isnan(Times(1, nan))) << bits;
  }
}

TEST_P(Bfloat16Test, sumsAreNotRounded) {
  // 256 + 1 + ... needs more bits than bfloat16 has; each operand has few.
  constexpr int64_t kDepth = 301;
  std::vector<float> a(kDepth, 1), b(kDepth * 64, 1);
  a[0] = 65536;
  float c = 0;
  Brgemm<float> g;
  g.rows = g.cols = 1;
  g.depth = kDepth;
  g.a = a.data();
  g.a_row = kDepth;
  g.b = b.data();
  g.b_depth = kernels().panel;
  g.c = &c;
  g.c_row = 1;
  kernels().bfloat16_brgemm(g);
  EXPECT_EQ(c, 65536 + 300);
}

}  // namespace
}  // namespace fovea
