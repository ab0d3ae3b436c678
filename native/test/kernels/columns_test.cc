#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>

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

TEST_P(ColumnsTest, columnAffineEqualsTheReference) {
  for (const bool add : {false, true}) {
    for (const bool relu : {false, true}) {
      ExpectDoubleReference(true, [=](const auto& kernels, auto& m) {
        kernels.column_affine({m.rows, m.cols, m.a.data(), m.x.data(), m.y.data(),
                               add ? m.b.data() : nullptr, relu, m.dst.data()});
      });
    }
  }
}

TEST_P(ColumnsTest, theDestinationMayBeASource) {
  ExpectDoubleReference(true, [](const auto& kernels, auto& m) {
    kernels.column_affine(
        {m.rows, m.cols, m.dst.data(), m.x.data(), m.y.data(), nullptr, true, m.dst.data()});
    kernels.column_affine(
        {m.rows, m.cols, m.a.data(), m.x.data(), m.y.data(), m.dst.data(), false, m.dst.data()});
  });
}

TEST_P(ColumnsTest, columnMomentsEqualTheReference) {
  uint64_t seed = 700;
  for (const Size size : kSizes) {
    for (const float offset : {0.0f, 1000.0f, -3e5f}) {
      Draw draw(seed++);
      Floats src = draw.Floats(size.rows * size.cols);
      for (int64_t i = 0; i < src.size(); ++i) src.data()[i] += offset;
      Floats mean = draw.Floats(size.cols), squares = draw.Floats(size.cols);  // overwritten
      kernels().column_moments(size.rows, size.cols, src.data(), mean.data(), squares.data());
      GuardedArray<double> exact_mean(size.cols), exact_squares(size.cols);
      KernelsFor<double>().column_moments(size.rows, size.cols, Converted<double>(src).data(),
                                          exact_mean.data(), exact_squares.data());
      ExpectNear(mean, exact_mean, 2e-7 * (1 + std::abs(offset)));
      // However far the mean lies: what counts is the distance from it.
      const double error = 2e-6 * static_cast<double>(size.rows);
      const double of_mean = 1e-7 * std::abs(offset);
      ExpectNear(squares, exact_squares,
                 error + static_cast<double>(size.rows) * of_mean * of_mean);
      if (HasFatalFailure()) return;
    }
  }
}

/// The arguments of batch norm's backward over m: src a, mean x, and the relu as asked.
template <typename M>
auto NormArgs(M& m, bool relu_of_src, bool relu_of_dst) {
  NormBackwardArgs<std::remove_pointer_t<decltype(m.a.data())>> args;
  args.rows = m.rows;
  args.cols = m.cols;
  args.src = m.a.data();
  args.mean = m.x.data();
  if (relu_of_src) args.relu_factor = m.y.data();
  if (relu_of_src) args.relu_shift = m.z.data();
  if (relu_of_dst) args.dst = m.a.data();
  return args;
}

TEST_P(ColumnsTest, normSumsEqualTheReference) {
  for (const bool of_src : {false, true}) {
    for (const bool of_dst : {false, true}) {
      if (of_src && of_dst) continue;
      const auto run_sums = [=](const auto& kernels, auto& m) {
        auto args = NormArgs(m, of_src, of_dst);
        args.diff_dst = m.b.data();
        auto dots = m.z;
        kernels.norm_sums(args, m.dst.data(), dots.data());
      };
      const auto run_dots = [=](const auto& kernels, auto& m) {
        auto args = NormArgs(m, of_src, of_dst);
        args.diff_dst = m.b.data();
        auto sums = m.z;
        kernels.norm_sums(args, sums.data(), m.dst.data());
      };
      ExpectDoubleReference(false, run_sums);
      ExpectDoubleReference(false, run_dots, /*largest_term=*/2);
    }
  }
}

TEST_P(ColumnsTest, normSumsUndoTheReluWhereDstIsGiven) {
  ExpectDoubleReference(true, [](const auto& kernels, auto& m) {
    auto args = NormArgs(m, false, true);
    args.diff_dst = m.dst.data();
    auto sums = m.y, dots = m.z;
    kernels.norm_sums(args, sums.data(), dots.data());
  });
}

TEST_P(ColumnsTest, normBackwardEqualsTheReference) {
  for (const bool of_src : {false, true}) {
    for (const bool in_place : {false, true}) {
      ExpectDoubleReference(true, [=](const auto& kernels, auto& m) {
        auto args = NormArgs(m, of_src, false);
        args.diff_dst = in_place ? m.dst.data() : m.b.data();
        args.diff_factor = m.y.data();
        args.src_factor = m.z.data();
        args.shift = m.x.data();
        args.diff_src = m.dst.data();
        kernels.norm_backward(args);
      });
    }
  }
}

/// The relu that backward undoes from src is the one that forward applied, element by element:
/// factors and shifts are such that many results lie at 0 or next to it.
TEST_P(ColumnsTest, normBackwardPassesExactlyWhereColumnAffineDid) {
  uint64_t seed = 900;
  for (const Size size : kSizes) {
    Draw draw(seed++);
    const int64_t count = size.rows * size.cols;
    Floats src(count), diff_dst(count), dst(count), diff_src(count);
    Floats factor = draw.Floats(size.cols), shift(size.cols), one(size.cols), zero(size.cols);
    for (int64_t c = 0; c < size.cols; ++c) {
      shift.data()[c] = -factor.data()[c] * 0.7f;
      one.data()[c] = 1;
    }
    for (int64_t i = 0; i < count; ++i) {
      src.data()[i] = 0.7f + static_cast<float>(draw.Int(-3, 3)) * 6e-8f;
      diff_dst.data()[i] = 1;
    }
    kernels().column_affine(
        {size.rows, size.cols, src.data(), factor.data(), shift.data(), nullptr, true, dst.data()});
    NormBackwardArgs<float> args;
    args.rows = size.rows;
    args.cols = size.cols;
    args.src = src.data();
    args.diff_dst = diff_dst.data();
    args.relu_factor = factor.data();
    args.relu_shift = shift.data();
    args.mean = args.src_factor = args.shift = zero.data();
    args.diff_factor = one.data();
    args.diff_src = diff_src.data();
    kernels().norm_backward(args);
    for (int64_t i = 0; i < count; ++i) {
      ASSERT_EQ(diff_src.data()[i], dst.data()[i] > 0 ? 1 : 0) << "at element " << i;
    }
  }
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
