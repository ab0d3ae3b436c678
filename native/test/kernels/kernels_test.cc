#include "kernels/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "kernels/kernels_targets.h"

namespace fovea {
namespace {

template <typename T>
std::string MessageFor(std::string_view target) {
  try {
    KernelsFor<T>(target);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Kernels, everyAvailableTargetIsFoundByName) {
  for (const std::string_view target : AvailableTargets()) {
    EXPECT_EQ(KernelsFor<float>(target).target, target);
  }
}

TEST(Kernels, theReferenceIsTheLastTarget) { EXPECT_EQ(AvailableTargets().back(), "reference"); }

TEST(Kernels, theBestTargetIsTheDefault) {
  EXPECT_EQ(KernelsFor<float>().target, AvailableTargets().front());
}

TEST(Kernels, targetsAreThoseOfTheCpu) {
  const std::vector<std::string_view> targets = AvailableTargets();
  const auto has = [&](std::string_view target) {
    return std::find(targets.begin(), targets.end(), target) != targets.end();
  };
  EXPECT_EQ(has("avx2"), __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
  EXPECT_EQ(has("avx512"),
            __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"));
  EXPECT_EQ(has("avx512bf16"), has("avx512") && __builtin_cpu_supports("avx512bf16"));
}

TEST(Kernels, aPrecisionChoosesTheProducts) {
  for (const std::string_view target : AvailableTargets()) {
    const Kernels<float>& full = KernelsFor<float>(target);
    const Kernels<float>& rounding = KernelsFor<float>(target, Precision::kBfloat16);
    EXPECT_EQ(full.brgemm, full.full_brgemm);
    EXPECT_EQ(rounding.target, target);
    EXPECT_EQ(rounding.brgemm, full.bfloat16_brgemm);
    EXPECT_EQ(rounding.full_brgemm, full.full_brgemm);
    EXPECT_NE(rounding.brgemm, full.brgemm);
  }
}

TEST(Kernels, doubleHasTheReferenceOnly) {
  EXPECT_EQ(KernelsFor<double>().target, "reference");
  EXPECT_EQ(MessageFor<double>("avx2"), "Target 'avx2': expected reference. Received: 'avx2'.");
}

TEST(Kernels, anUnknownTargetIsRefusedWithTheKnownOnes) {
  std::string names;
  for (const std::string_view target : AvailableTargets()) {
    names.append(names.empty() ? "" : ", ").append(target);
  }
  const std::string expected = AvailableTargets().size() > 1 ? "one of " + names : names;
  EXPECT_EQ(MessageFor<float>("avx9"),
            std::string("Target 'avx9': expected ").append(expected) + ". Received: 'avx9'.");
}

TEST(Kernels, tablesCanBeReadOnAnyCpu) {
  EXPECT_EQ(kAvx2.target, "avx2");
  EXPECT_EQ(kAvx2.panel, 16);
  EXPECT_EQ(kAvx512.target, "avx512");
  EXPECT_EQ(kAvx512.panel, 32);
}

}  // namespace
}  // namespace fovea
