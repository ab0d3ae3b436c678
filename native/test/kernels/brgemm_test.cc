#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"
#include "kernels/pack.h"

namespace fovea {
namespace {

/// The products of a table in one precision.
struct Product {
  const Kernels<float>* kernels;
  Precision precision;

  void Run(const Brgemm<float>& g) const {
    precision == Precision::kBfloat16 ? kernels->bfloat16_brgemm(g) : kernels->full_brgemm(g);
  }
};

std::vector<Product> ProductsOf(const std::vector<const Kernels<float>*>& tables) {
  std::vector<Product> products;
  for (const Kernels<float>* kernels : tables) {
    products.push_back({kernels, Precision::kFloat32});
    products.push_back({kernels, Precision::kBfloat16});
  }
  return products;
}

std::string ProductName(const testing::TestParamInfo<Product>& info) {
  const bool rounds = info.param.precision == Precision::kBfloat16;
  return std::string(info.param.kernels->target) + (rounds ? "_bfloat16" : "_float32");
}

class ProductTest : public testing::TestWithParam<Product> {
 protected:
  const Product& product() const { return GetParam(); }
  Product Reference() const { return {&fovea::Reference(), product().precision}; }
};

/// A brgemm with random shape and strides, and its data. B is kept as plain rows [blocks * depth,
/// cols], which each target packs for itself or reads in place.
struct BrgemmCase {
  Brgemm<float> args;  ///< all but b and c
  bool in_place_b;
  std::vector<int64_t> a_offsets;
  int64_t b_row;
  GuardedArray<float> a, b, c, bias;

  BrgemmCase(Draw& draw, bool integers)
      : args(Shape(draw)),
        in_place_b(draw.OneIn(2)),
        a_offsets(AOffsets(draw, args)),
        b_row(args.cols + (draw.OneIn(2) ? draw.Int(0, 9) : 0)),
        a(Values(draw, integers, ASize())),
        b(Values(draw, integers, (args.blocks * args.depth - 1) * b_row + args.cols)),
        c(Values(draw, integers, (args.rows - 1) * args.c_row + args.cols)),
        bias(Values(draw, integers, args.cols)) {
    if (draw.OneIn(2)) args.bias = bias.data();
    args.a = a.data();
    // Without offsets all blocks read the same A.
    args.a_offsets = draw.OneIn(8) ? nullptr : a_offsets.data();
  }

  static GuardedArray<float> Values(Draw& draw, bool integers, int64_t size) {
    return integers ? draw.Integers(size) : draw.Floats(size);
  }

  static Brgemm<float> Shape(Draw& draw) {
    Brgemm<float> args;
    args.rows = draw.OneIn(6) ? draw.Int(80, 180) : draw.Int(1, 32);
    args.cols = draw.OneIn(6) ? draw.Int(65, 150) : draw.Int(1, 64);
    args.depth = draw.OneIn(6) ? draw.Int(200, 600) : draw.Int(1, 40);
    args.blocks = draw.OneIn(2) ? 1 : draw.Int(2, 12);
    if (draw.OneIn(12)) {  // several groups of rows, and a B that is small or large
      args.rows = draw.Int(150, 350);
      args.cols = draw.Int(100, 180);
      args.depth = draw.Int(400, 700);
      args.blocks = 1;
    }
    switch (draw.Int(1, 4)) {
      case 1:  // as it lies in a tensor
        args.a_row = args.depth + draw.Int(0, 3);
        break;
      case 2:  // rows far apart
        args.a_row = 256 + draw.Int(0, 400);
        break;
      case 3:  // transposed
        args.a_row = 1;
        args.a_depth = args.rows + draw.Int(0, 80);
        break;
      default:
        args.a_row = draw.Int(1, 40);
        args.a_depth = draw.Int(1, 40);
    }
    args.c_row = args.cols + draw.Int(0, 5);
    args.accumulate = draw.OneIn(2);
    args.relu = draw.OneIn(2);
    return args;
  }

  static std::vector<int64_t> AOffsets(Draw& draw, const Brgemm<float>& args) {
    std::vector<int64_t> offsets;
    for (int64_t block = 0; block < args.blocks; ++block) offsets.push_back(draw.Int(0, 100));
    return offsets;
  }

  int64_t ASize() const {
    return 101 + (args.rows - 1) * args.a_row + (args.depth - 1) * args.a_depth;
  }

  /// C as the kernels leave it; for `rows` rows from `first_row` on, the others as they were.
  GuardedArray<float> Run(const Product& product, int64_t first_row, int64_t rows,
                          GuardedArray<float> result) const {
    const Kernels<float>& kernels = *product.kernels;
    Brgemm<float> g = args;
    g.rows = rows;
    g.a += first_row * g.a_row;
    const int64_t panel_stride = args.blocks * args.depth * kernels.panel;
    GuardedArray<float> packed(PackedSize(args.blocks * args.depth, args.cols, kernels.panel));
    PackPanels(args.blocks * args.depth, args.cols, b.data(), b_row, 1, kernels.panel, panel_stride,
               packed.data());
    g.b = in_place_b ? b.data() : packed.data();
    g.b_padded = !in_place_b;
    g.b_panel = in_place_b ? kernels.panel : panel_stride;
    g.b_depth = in_place_b ? b_row : kernels.panel;
    std::vector<int64_t> b_offsets;
    for (int64_t block = 0; block < args.blocks; ++block) {
      b_offsets.push_back(block * args.depth * g.b_depth);
    }
    g.b_offsets = b_offsets.data();
    g.c = result.data() + first_row * g.c_row;
    product.Run(g);
    return result;
  }

  GuardedArray<float> Run(const Product& product) const { return Run(product, 0, args.rows, c); }
};

class BrgemmTest : public ProductTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, BrgemmTest, testing::ValuesIn(ProductsOf(VectorTargets())),
                         ProductName);

TEST_P(BrgemmTest, integersEqualTheReferenceExactly) {
  for (uint64_t seed = 1000; seed < 1300; ++seed) {
    Draw draw(seed);
    const BrgemmCase test(draw, true);
    ExpectSameBits(test.Run(product()), test.Run(Reference()));
    if (HasFatalFailure()) return;
  }
}

TEST_P(BrgemmTest, floatsEqualTheReferenceUpToRounding) {
  for (uint64_t seed = 2000; seed < 2100; ++seed) {
    Draw draw(seed);
    const BrgemmCase test(draw, false);
    const double terms = static_cast<double>(test.args.blocks * test.args.depth);
    ExpectNear(test.Run(product()), test.Run(Reference()), 1e-6 + 2e-7 * terms);
    if (HasFatalFailure()) return;
  }
}

TEST_P(BrgemmTest, aRowDoesNotDependOnTheRowsComputedWithIt) {
  for (uint64_t seed = 3000; seed < 3060; ++seed) {
    Draw draw(seed);
    const BrgemmCase test(draw, false);
    GuardedArray<float> parts = test.c;
    for (int64_t row = 0; row < test.args.rows;) {
      const int64_t rows = std::min(draw.Int(1, 20), test.args.rows - row);
      GuardedArray<float> next = test.Run(product(), row, rows, parts);
      std::copy_n(next.data(), next.size(), parts.data());
      row += rows;
    }
    ExpectSameBits(parts, test.Run(product()));
    if (HasFatalFailure()) return;
  }
}

TEST_P(BrgemmTest, aColumnDoesNotDependOnHowBIsRead) {
  for (uint64_t seed = 4000; seed < 4060; ++seed) {
    Draw draw(seed);
    BrgemmCase test(draw, false);
    test.in_place_b = true;
    const GuardedArray<float> in_place = test.Run(product());
    test.in_place_b = false;
    ExpectSameBits(in_place, test.Run(product()));
    if (HasFatalFailure()) return;
  }
}

class EveryBrgemmTest : public ProductTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryBrgemmTest, testing::ValuesIn(ProductsOf(AllTargets())),
                         ProductName);

TEST_P(EveryBrgemmTest, addsBlocksThenCThenBiasThenRelu) {
  // Two blocks of depth 1: c = 10 + 2 * 3 + 4 * 5 + bias, and relu after the bias.
  const std::vector<float> a = {2, 4}, bias = {1, -100};
  std::vector<float> b(2 * 32), c = {10, 10};
  for (const int n : {0, 1}) b[n] = 3, b[32 + n] = 5;
  const std::vector<int64_t> a_offsets = {0, 1}, b_offsets = {0, 32};
  Brgemm<float> g;
  g.rows = 1;
  g.cols = 2;
  g.depth = 1;
  g.blocks = 2;
  g.a = a.data();
  g.a_offsets = a_offsets.data();
  g.b = b.data();
  g.b_panel = 64;
  g.b_depth = 32;
  g.b_offsets = b_offsets.data();
  g.c = c.data();
  g.c_row = 2;
  g.accumulate = true;
  g.bias = bias.data();
  g.relu = true;
  product().Run(g);
  EXPECT_EQ(c, (std::vector<float>{37, 0}));
}

TEST_P(EveryBrgemmTest, withoutDepthOnlyTheEpilogueIsLeft) {
  const std::vector<float> bias = {1, -2, 3};
  std::vector<float> c = {5, 5, 5};
  Brgemm<float> g;
  g.rows = 1;
  g.cols = 3;
  g.a_row = 1;
  g.b_depth = product().kernels->panel;
  g.c = c.data();
  g.c_row = 3;
  g.bias = bias.data();
  product().Run(g);
  EXPECT_EQ(c, (std::vector<float>{1, -2, 3}));
}

TEST_P(EveryBrgemmTest, withoutRowsOrColumnsNothingIsTouched) {
  Brgemm<float> g;
  g.depth = 3;
  g.rows = 2;
  product().Run(g);
  g.rows = 0;
  g.cols = 2;
  product().Run(g);
}

}  // namespace
}  // namespace fovea
