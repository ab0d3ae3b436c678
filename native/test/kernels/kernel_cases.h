#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "kernels/guarded_array.h"
#include "kernels/kernels.h"
#include "kernels/wide16.h"

namespace fovea {

/// The tables under test: every target of this CPU but the reference, and the wide one in plain
/// code.
inline std::vector<const Kernels<float>*> VectorTargets() {
  std::vector<const Kernels<float>*> targets = {&kWide16};
  for (const std::string_view name : AvailableTargets()) {
    if (name != "reference") targets.push_back(&KernelsFor<float>(name));
  }
  return targets;
}

inline std::vector<const Kernels<float>*> AllTargets() {
  std::vector<const Kernels<float>*> targets = VectorTargets();
  targets.push_back(&KernelsFor<float>("reference"));
  return targets;
}

inline const Kernels<float>& Reference() { return KernelsFor<float>("reference"); }

/// Tests of one target, named after it.
class TargetTest : public testing::TestWithParam<const Kernels<float>*> {
 protected:
  const Kernels<float>& kernels() const { return *GetParam(); }
};

inline std::string TargetName(const testing::TestParamInfo<const Kernels<float>*>& info) {
  return std::string(info.param->target);
}

/// Draws of a test case from its seed; the failure shows the seed.
class Draw {
 public:
  explicit Draw(uint64_t seed)
      : generator_(seed), trace_(__FILE__, __LINE__, "seed " + std::to_string(seed)) {}

  /// A whole number from `first` to `last`, both included.
  int64_t Int(int64_t first, int64_t last) {
    return std::uniform_int_distribution<int64_t>(first, last)(generator_);
  }
  bool OneIn(int64_t n) { return Int(1, n) == 1; }

  /// Small whole numbers: their sums and products are exact in float, in any order.
  GuardedArray<float> Integers(int64_t size) {
    GuardedArray<float> values(size);
    for (int64_t i = 0; i < size; ++i) values.data()[i] = static_cast<float>(Int(-3, 3));
    return values;
  }
  /// Numbers from -1 to 1.
  GuardedArray<float> Floats(int64_t size) {
    GuardedArray<float> values(size);
    std::uniform_real_distribution<float> uniform(-1, 1);
    for (int64_t i = 0; i < size; ++i) values.data()[i] = uniform(generator_);
    return values;
  }
  GuardedArray<uint8_t> Bytes(int64_t size) {
    GuardedArray<uint8_t> values(size);
    for (int64_t i = 0; i < size; ++i) values.data()[i] = static_cast<uint8_t>(Int(0, 255));
    return values;
  }

 private:
  std::mt19937_64 generator_;
  testing::ScopedTrace trace_;
};

template <typename T, typename From>
GuardedArray<T> Converted(const GuardedArray<From>& values) {
  GuardedArray<T> converted(values.size());
  std::copy_n(values.data(), values.size(), converted.data());
  return converted;
}

/// Equal, element by element, within `tolerance`.
template <typename A, typename B>
void ExpectNear(const GuardedArray<A>& actual, const GuardedArray<B>& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (int64_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual.data()[i], expected.data()[i], tolerance) << "at element " << i;
  }
}

/// Equal bit by bit; NaN equals NaN.
template <typename T>
void ExpectSameBits(const GuardedArray<T>& actual, const GuardedArray<T>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (int64_t i = 0; i < actual.size(); ++i) {
    ASSERT_EQ(std::memcmp(actual.data() + i, expected.data() + i, sizeof(T)), 0)
        << "at element " << i << ": " << +actual.data()[i] << " is not " << +expected.data()[i];
  }
}

}  // namespace fovea
