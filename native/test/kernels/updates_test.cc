#include <gtest/gtest.h>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

const std::vector<int64_t> kCounts = {0, 1, 8, 13, 16, 31, 100};

/// What an optimizer works on, in float or double, from the same draws.
template <typename T>
struct State {
  GuardedArray<T> weights, gradient, slot0, slot1;

  explicit State(const State<float>& other)
      : weights(Converted<T>(other.weights)),
        gradient(Converted<T>(other.gradient)),
        slot0(Converted<T>(other.slot0)),
        slot1(Converted<T>(other.slot1)) {}
  State(Draw& draw, int64_t count) requires std::is_same_v<T, float>
      : weights(draw.Floats(count)), gradient(draw.Floats(count)), slot0(count), slot1(count) {}

  UpdateArgs<T> Args() {
    return {.count = weights.size(),
            .learning_rate = 0.03,
            .l2 = 0.01,
            .gradient_scale = 0.25,
            .weights = weights.data(),
            .gradient = gradient.data()};
  }
};

class UpdatesTest : public TargetTest {
 protected:
  /// Five steps of `step(kernels, state, number)` in float on the target, in double on the
  /// reference.
  template <typename Step>
  void ExpectDoubleReference(Step step) {
    uint64_t seed = 30;
    for (const int64_t count : kCounts) {
      Draw draw(seed++);
      const State<float> start(draw, count);
      State<float> actual(start);
      State<double> expected(start);
      for (int64_t number = 1; number <= 5; ++number) {
        step(kernels(), actual, number);
        step(KernelsFor<double>(), expected, number);
        ExpectNear(actual.weights, expected.weights, 1e-6);
        ExpectNear(actual.slot0, expected.slot0, 1e-6);
        ExpectNear(actual.slot1, expected.slot1, 1e-6);
        if (HasFatalFailure()) return;
      }
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, UpdatesTest, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(UpdatesTest, plainSgdEqualsTheDoubleReference) {
  ExpectDoubleReference([](const auto& kernels, auto& state, int64_t) {
    kernels.sgd(state.Args(), 0.9, false, nullptr);
  });
}

TEST_P(UpdatesTest, sgdWithMomentumEqualsTheDoubleReference) {
  ExpectDoubleReference([](const auto& kernels, auto& state, int64_t) {
    kernels.sgd(state.Args(), 0.9, false, state.slot0.data());
  });
}

TEST_P(UpdatesTest, nesterovEqualsTheDoubleReference) {
  ExpectDoubleReference([](const auto& kernels, auto& state, int64_t) {
    kernels.sgd(state.Args(), 0.8, true, state.slot0.data());
  });
}

TEST_P(UpdatesTest, adamEqualsTheDoubleReference) {
  ExpectDoubleReference([](const auto& kernels, auto& state, int64_t number) {
    kernels.adam(state.Args(), 0.9, 0.999, 1e-8, number, state.slot0.data(), state.slot1.data());
  });
}

TEST_P(UpdatesTest, runningAverageEqualsTheDoubleReference) {
  ExpectDoubleReference([](const auto& kernels, auto& state, int64_t) {
    kernels.running_average(state.Args(), 0.9);
  });
}

TEST_P(UpdatesTest, anElementDoesNotDependOnWhereARunIsCut) {
  Draw draw(77);
  const State<float> start(draw, 50);
  State<float> whole(start), parts(start);
  kernels().adam(whole.Args(), 0.9, 0.999, 1e-8, 3, whole.slot0.data(), whole.slot1.data());
  for (int64_t first = 0; first < 50; first += 7) {
    UpdateArgs<float> args = parts.Args();
    args.count = std::min<int64_t>(7, 50 - first);
    args.weights += first;
    args.gradient += first;
    kernels().adam(args, 0.9, 0.999, 1e-8, 3, parts.slot0.data() + first,
                   parts.slot1.data() + first);
  }
  ExpectSameBits(parts.weights, whole.weights);
}

}  // namespace
}  // namespace fovea
