#include <gtest/gtest.h>

#include "layers/layer_run.h"

namespace fovea {
namespace {

TEST(PanelTest, panelsCoverTheChannelsOnceInMultiplesOf32) {
  for (const int64_t size : {1, 31, 32, 33, 100, 4096}) {
    for (const int64_t count : {1, 2, 3, 10}) {
      int64_t end = 0;
      for (int64_t index = 0; index < count; ++index) {
        const PanelRange range = RangeOf({index, count}, size);
        EXPECT_EQ(range.begin, end);
        EXPECT_TRUE(range.begin % 32 == 0 || range.begin == size);
        end = range.end;
      }
      EXPECT_EQ(end, size);
    }
  }
}

/// A Dense and random data; the same call as one product, and panel by panel in any order.
template <typename T>
struct DenseCase {
  DenseCase(int64_t row_count, int64_t ic, int64_t oc, const std::string& attributes,
            std::string_view target)
      : rows(row_count),
        run("Dense", "units=" + std::to_string(oc) + attributes, {{static_cast<int>(ic)}}, rows,
            target) {
    Draws draws(static_cast<uint64_t>(rows * ic + oc));
    for (auto* values : {&run.src[0], &run.weights, &run.diff_dst, &run.diff_weights}) {
      for (T& value : *values) value = static_cast<T>(draws.Uniform(-1, 1));
    }
    run.Forward();
  }

  std::vector<T> ForwardByPanels(int64_t count) {
    std::vector<T> dst(run.dst.size(), T(NAN));
    std::vector<std::byte> scratch(static_cast<size_t>(run.layer->PanelScratchBytes(rows)));
    for (int64_t index = count; index-- > 0;) {
      ForwardArgs<T> args = run.Args();
      args.prepared = nullptr;
      args.dst = dst.data();
      args.scratch = scratch.data();
      args.panel = {index, count};
      run.layer->Forward(args);
    }
    return dst;
  }

  /// diff_src, then what is in diff_weights.
  std::pair<std::vector<T>, std::vector<T>> BackwardByPanels(int64_t count,
                                                             std::vector<T> diff_weights) {
    std::vector<T> diff_src(run.src[0].size(), T(NAN));
    std::vector<std::byte> scratch(static_cast<size_t>(run.layer->PanelScratchBytes(rows)));
    const T* src[] = {run.src[0].data()};
    T* diff_srcs[] = {diff_src.data()};
    for (int64_t index = count; index-- > 0;) {
      BackwardArgs<T> args;
      args.rows = rows;
      args.src = src;
      args.dst = run.dst.data();
      args.diff_dst = run.diff_dst.data();
      args.relu = run.relu;
      args.weights = run.weights.data();
      args.scratch = scratch.data();
      args.diff_src = diff_srcs;
      args.diff_weights = diff_weights.data();
      args.panel = {index, count};
      run.layer->Backward(args);
    }
    return {diff_src, diff_weights};
  }

  int64_t rows;
  LayerRun<T> run;
};

struct Sizes {
  int64_t rows, ic, oc;
};
constexpr Sizes kSizes[] = {{1, 1, 1},    {1, 300, 33},  {2, 40, 200},  {5, 257, 31},
                            {16, 64, 64}, {17, 90, 145}, {33, 513, 97}, {70, 31, 260}};

/// The reference sums the whole depth at once, the vector kernels in the runs that panels take.
TEST(DensePanelsTest, forwardIsThatOfTheWholeProductInVectorKernelsBitForBit) {
  for (const std::string_view target : AvailableTargets()) {
    for (const auto& [rows, ic, oc] : kSizes) {
      for (const std::string attributes : {"", " bias=false"}) {
        DenseCase<float> dense(rows, ic, oc, attributes, target);
        const std::vector<float> whole = dense.ForwardByPanels(1);
        for (size_t i = 0; i < whole.size(); ++i) {
          ASSERT_NEAR(whole[i], dense.run.dst[i], 1e-4) << target << " at " << i;
        }
        EXPECT_TRUE(target == "reference" || whole == dense.run.dst) << target;
        EXPECT_EQ(dense.ForwardByPanels(2), whole);
        EXPECT_EQ(dense.ForwardByPanels(7), whole);
      }
    }
  }
}

TEST(DensePanelsTest, aRowDoesNotDependOnTheRowsComputedWithIt) {
  for (const std::string_view target : AvailableTargets()) {
    DenseCase<float> many(40, 300, 70, "", target);
    DenseCase<float> one(1, 300, 70, "", target);
    one.run.weights = many.run.weights;
    const std::vector<float> expected = many.ForwardByPanels(2);
    const std::vector<float> expected_diff = many.BackwardByPanels(2, many.run.weights).first;
    for (int64_t row = 0; row < 40; row += 13) {
      std::copy_n(many.run.src[0].begin() + row * 300, 300, one.run.src[0].begin());
      std::copy_n(many.run.diff_dst.begin() + row * 70, 70, one.run.diff_dst.begin());
      const std::vector<float> dst = one.ForwardByPanels(2);
      EXPECT_TRUE(std::equal(dst.begin(), dst.end(), expected.begin() + row * 70)) << row;
      const std::vector<float> diff = one.BackwardByPanels(2, one.run.weights).first;
      EXPECT_TRUE(std::equal(diff.begin(), diff.end(), expected_diff.begin() + row * 300)) << row;
    }
  }
}

TEST(DensePanelsTest, backwardIsThatOfTheWholeProduct) {
  for (const std::string_view target : AvailableTargets()) {
    for (const auto& [rows, ic, oc] : kSizes) {
      DenseCase<float> dense(rows, ic, oc, "", target);
      const std::vector<float> before = dense.run.diff_weights;
      dense.run.Backward();
      const auto [diff_src, diff_weights] = dense.BackwardByPanels(3, before);
      for (size_t i = 0; i < diff_src.size(); ++i) {
        ASSERT_NEAR(diff_src[i], dense.run.diff_src[0][i], 1e-4) << target << " at " << i;
      }
      for (size_t i = 0; i < diff_weights.size(); ++i) {
        ASSERT_NEAR(diff_weights[i], dense.run.diff_weights[i], 1e-4) << target << " at " << i;
      }
      for (const int64_t count : {1, 2}) {
        const auto other = dense.BackwardByPanels(count, before);
        EXPECT_EQ(other.first, diff_src) << count << " panels";
        EXPECT_EQ(other.second, diff_weights) << count << " panels";
      }
    }
  }
}

TEST(DensePanelsTest, backwardUndoesAFusedReluAndLeavesDiffDstToOtherLanes) {
  DenseCase<double> dense(9, 40, 70, "", "reference");
  dense.run.relu = true;
  dense.run.Forward();
  const std::vector<double> before = dense.run.diff_weights;
  const std::vector<double> diff_dst = dense.run.diff_dst;
  const auto [diff_src, diff_weights] = dense.BackwardByPanels(2, before);
  EXPECT_EQ(dense.run.diff_dst, diff_dst);

  KernelsFor<double>("reference")
      .relu_backward(static_cast<int64_t>(diff_dst.size()), dense.run.dst.data(), diff_dst.data(),
                     dense.run.diff_dst.data());
  dense.run.Backward();
  for (size_t i = 0; i < diff_src.size(); ++i) {
    ASSERT_NEAR(diff_src[i], dense.run.diff_src[0][i], 1e-12);
  }
  for (size_t i = 0; i < diff_weights.size(); ++i) {
    ASSERT_NEAR(diff_weights[i], dense.run.diff_weights[i], 1e-12);
  }
}

}  // namespace
}  // namespace fovea
