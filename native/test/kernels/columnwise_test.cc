#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

/// A columnwise_brgemm with random shape and strides, and its data.
struct ColumnwiseCase {
  Brgemm<float> args;  ///< all but c
  std::vector<int64_t> a_offsets, b_offsets;
  GuardedArray<float> a, b, c, bias;

  ColumnwiseCase(Draw& draw, bool integers)
      : args(Shape(draw)),
        a_offsets(Offsets(draw, args.blocks)),
        b_offsets(Offsets(draw, args.blocks)),
        a(Values(draw, integers,
                 100 + (args.rows - 1) * args.a_row + (args.depth - 1) * args.a_depth + args.cols)),
        b(Values(draw, integers, 100 + (args.depth - 1) * args.b_depth + args.cols)),
        c(Values(draw, integers, (args.rows - 1) * args.c_row + args.cols)),
        bias(Values(draw, integers, args.cols)) {
    args.a = a.data();
    args.b = b.data();
    if (draw.OneIn(2)) args.bias = bias.data();
    // Without offsets all blocks read the same.
    if (!draw.OneIn(4)) args.a_offsets = a_offsets.data();
    if (!draw.OneIn(4)) args.b_offsets = b_offsets.data();
  }

  static Brgemm<float> Shape(Draw& draw) {
    Brgemm<float> args;
    args.rows = draw.Int(1, 20);
    args.cols = draw.OneIn(4) ? draw.Int(33, 150) : draw.Int(1, 40);
    args.depth = draw.Int(1, 12);
    args.blocks = draw.Int(1, 9);
    args.a_row = draw.Int(1, 200);
    args.a_depth = draw.Int(1, 200);
    args.b_depth = draw.Int(1, 200);
    args.c_row = args.cols + draw.Int(0, 5);
    args.accumulate = draw.OneIn(2);
    args.relu = draw.OneIn(2);
    return args;
  }

  /// Up to 100; the last block ends where the array does.
  static std::vector<int64_t> Offsets(Draw& draw, int64_t blocks) {
    std::vector<int64_t> offsets;
    for (int64_t block = 0; block < blocks; ++block) offsets.push_back(draw.Int(0, 100));
    offsets.back() = 100;
    return offsets;
  }

  static GuardedArray<float> Values(Draw& draw, bool integers, int64_t size) {
    return integers ? draw.Integers(size) : draw.Floats(size);
  }

  /// C as the kernel leaves it.
  GuardedArray<float> Run(const Kernels<float>& kernels, int64_t first_row, int64_t rows,
                          GuardedArray<float> result) const {
    Brgemm<float> g = args;
    g.rows = rows;
    g.a += first_row * g.a_row;
    g.c = result.data() + first_row * g.c_row;
    kernels.columnwise_brgemm(g);
    return result;
  }

  GuardedArray<float> Run(const Kernels<float>& kernels) const {
    return Run(kernels, 0, args.rows, c);
  }
};

class ColumnwiseTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, ColumnwiseTest, testing::ValuesIn(VectorTargets()), TargetName);

TEST_P(ColumnwiseTest, integersEqualTheReferenceExactly) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Draw draw(seed);
    const ColumnwiseCase test(draw, true);
    ExpectSameBits(test.Run(kernels()), test.Run(Reference()));
    if (HasFatalFailure()) return;
  }
}

TEST_P(ColumnwiseTest, floatsEqualTheReferenceUpToRounding) {
  for (uint64_t seed = 1000; seed < 1100; ++seed) {
    Draw draw(seed);
    const ColumnwiseCase test(draw, false);
    const double terms = static_cast<double>(test.args.blocks * test.args.depth);
    ExpectNear(test.Run(kernels()), test.Run(Reference()), 1e-6 + 2e-7 * terms);
    if (HasFatalFailure()) return;
  }
}

TEST_P(ColumnwiseTest, aRowDoesNotDependOnTheRowsComputedWithIt) {
  for (uint64_t seed = 2000; seed < 2060; ++seed) {
    Draw draw(seed);
    const ColumnwiseCase test(draw, false);
    GuardedArray<float> parts = test.c;
    for (int64_t row = 0; row < test.args.rows;) {
      const int64_t rows = std::min(draw.Int(1, 7), test.args.rows - row);
      GuardedArray<float> next = test.Run(kernels(), row, rows, parts);
      std::copy_n(next.data(), next.size(), parts.data());
      row += rows;
    }
    ExpectSameBits(parts, test.Run(kernels()));
    if (HasFatalFailure()) return;
  }
}

class EveryColumnwiseTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryColumnwiseTest, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(EveryColumnwiseTest, keepsColumnsApart) {
  // Two rows, two k: c[m][n] = a[m][0][n] * b[0][n] + a[m][1][n] * b[1][n] + c + bias.
  const std::vector<float> a = {1, 2, 3, 4, 5, 6}, b = {1, 10, 100, 1000}, bias = {0.5, -9999};
  std::vector<float> c = {1, 1, 1, 1};
  Brgemm<float> g;
  g.rows = 2;
  g.cols = 2;
  g.depth = 2;
  g.a = a.data();
  g.a_row = 2;
  g.a_depth = 2;
  g.b = b.data();
  g.b_depth = 2;
  g.c = c.data();
  g.c_row = 2;
  g.accumulate = true;
  g.bias = bias.data();
  g.relu = true;
  kernels().columnwise_brgemm(g);
  EXPECT_EQ(c, (std::vector<float>{302.5, 0, 504.5, 0}));
}

}  // namespace
}  // namespace fovea
