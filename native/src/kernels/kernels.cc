/// Which instruction set this process uses: the table of CPUID answers and names.

#include "kernels/kernels.h"

#include <stdexcept>
#include <string>

#include "kernels/kernels_targets.h"

namespace fovea {
namespace {

bool HasAvx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

bool HasAvx512() {
  return HasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

std::vector<const Kernels<float>*> AvailableKernels(float) {
  std::vector<const Kernels<float>*> kernels;
  if (HasAvx512()) kernels.push_back(&kAvx512);
  if (HasAvx2()) kernels.push_back(&kAvx2);
  kernels.push_back(&kReferenceFloat);
  return kernels;
}

std::vector<const Kernels<double>*> AvailableKernels(double) { return {&kReferenceDouble}; }

template <typename T>
const Kernels<T>& Find(std::string_view target) {
  const std::vector<const Kernels<T>*> available = AvailableKernels(T());
  if (target.empty()) return *available.front();
  std::string names;
  for (const Kernels<T>* kernels : available) {
    if (kernels->target == target) return *kernels;
    if (!names.empty()) names += ", ";
    names += kernels->target;
  }
  std::string message = "Target '";
  message.append(target).append("': expected ");
  if (available.size() > 1) message += "one of ";
  message.append(names).append(". Received: '").append(target).append("'.");
  throw std::invalid_argument(message);
}

}  // namespace

template <>
const Kernels<float>& KernelsFor(std::string_view target) {
  return Find<float>(target);
}

template <>
const Kernels<double>& KernelsFor(std::string_view target) {
  return Find<double>(target);
}

std::vector<std::string_view> AvailableTargets() {
  std::vector<std::string_view> targets;
  for (const Kernels<float>* kernels : AvailableKernels(0.0f)) targets.push_back(kernels->target);
  return targets;
}

}  // namespace fovea
