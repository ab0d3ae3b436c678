#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

using Floats = GuardedArray<float>;

struct Size {
  int64_t rows, cols;
};

/// Few columns, several vectors of them, and rows enough for several blocks of sums.
const std::vector<Size> kSizes = {{0, 5},  {5, 0},   {1, 1},   {40, 1},  {37, 3},   {9, 7},
                                  {64, 7}, {13, 8},  {5, 15},  {17, 15}, {6, 16},   {11, 17},
                                  {3, 33}, {10, 64}, {9, 100}, {700, 5}, {600, 20}, {40, 600}};

/// Two matrices, three rows of settings and what is overwritten or added to.
template <typename T>
struct Columns {
  int64_t rows, cols;
  GuardedArray<T> a, b, x, y, z, dst;
};

class ColumnsTest : public TargetTest {
 protected:
  /// For each size, `run(kernels, columns)` in float on the target against double on the reference:
  /// on integers, which are exact, and on floats. `by_element`: dst is a matrix, else one row, a
  /// sum of terms of at most `largest_term`.
  template <typename Run>
  void ExpectDoubleReference(bool by_element, Run run, double largest_term = 1) {
    uint64_t seed = 100;
    for (const Size size : kSizes) {
      for (const bool integers : {true, false}) {
        Draw draw(seed++);
        const auto values = [&](int64_t count) {
          return integers ? draw.Integers(count) : draw.Floats(count);
        };
        const int64_t count = size.rows * size.cols;
        Columns<float> actual{size.rows,         size.cols,
                              values(count),     values(count),
                              values(size.cols), values(size.cols),
                              values(size.cols), values(by_element ? count : size.cols)};
        Columns<double> expected{size.rows,
                                 size.cols,
                                 Converted<double>(actual.a),
                                 Converted<double>(actual.b),
                                 Converted<double>(actual.x),
                                 Converted<double>(actual.y),
                                 Converted<double>(actual.z),
                                 Converted<double>(actual.dst)};
        run(kernels(), actual);
        run(KernelsFor<double>(), expected);
        const double terms = by_element ? 1 : static_cast<double>(size.rows);
        ExpectNear(actual.dst, expected.dst, integers ? 0 : 1e-6 + 2e-7 * terms * largest_term);
        if (HasFatalFailure()) return;
      }
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, ColumnsTest, testing::ValuesIn(VectorTargets()), TargetName);

TEST_P(ColumnsTest, columnSumsEqualTheReference) {
  ExpectDoubleReference(false, [](const auto& kernels, auto& m) {
    kernels.column_sums(m.rows, m.cols, m.a.data(), m.dst.data());
  });
}

TEST_P(ColumnsTest, columnSquaresEqualTheReference) {
  const auto run = [](const auto& kernels, auto& m) {
    kernels.column_squares(m.rows, m.cols, m.a.data(), m.x.data(), m.dst.data());
  };
  ExpectDoubleReference(false, run, /*largest_term=*/4);  // (1 - -1)^2
}

TEST_P(ColumnsTest, columnDotsEqualTheReference) {
  ExpectDoubleReference(false, [](const auto& kernels, auto& m) {
    kernels.column_dots(m.rows, m.cols, m.a.data(), m.b.data(), m.dst.data());
  });
}

TEST_P(ColumnsTest, columnAffineEqualsTheReference) {
  ExpectDoubleReference(true, [](const auto& kernels, auto& m) {
    kernels.column_affine(m.rows, m.cols, m.a.data(), m.x.data(), m.y.data(), m.dst.data());
  });
}

TEST_P(ColumnsTest, columnAffine2EqualsTheReference) {
  ExpectDoubleReference(true, [](const auto& kernels, auto& m) {
    kernels.column_affine2(m.rows, m.cols, m.a.data(), m.x.data(), m.b.data(), m.y.data(),
                           m.z.data(), m.dst.data());
  });
}

TEST_P(ColumnsTest, theDestinationMayBeASource) {
  ExpectDoubleReference(true, [](const auto& kernels, auto& m) {
    kernels.column_affine(m.rows, m.cols, m.dst.data(), m.x.data(), m.y.data(), m.dst.data());
    kernels.column_affine2(m.rows, m.cols, m.a.data(), m.x.data(), m.dst.data(), m.y.data(),
                           m.z.data(), m.dst.data());
  });
}

TEST_P(ColumnsTest, normalizeU8EqualsTheReference) {
  uint64_t seed = 500;
  for (const Size size : kSizes) {
    Draw draw(seed++);
    const GuardedArray<uint8_t> src = draw.Bytes(size.rows * size.cols);
    const Floats mean = draw.Floats(size.cols), factor = draw.Floats(size.cols);
    Floats actual(size.rows * size.cols), expected = actual;
    kernels().normalize_u8(size.rows, size.cols, src.data(), mean.data(), factor.data(),
                           actual.data());
    Reference().normalize_u8(size.rows, size.cols, src.data(), mean.data(), factor.data(),
                             expected.data());
    ExpectSameBits(actual, expected);
  }
}

}  // namespace
}  // namespace fovea
