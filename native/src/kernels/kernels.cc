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

bool HasAvx512Bf16() { return HasAvx512() && __builtin_cpu_supports("avx512bf16"); }

Kernels<float> Avx512Bf16() {
  Kernels<float> kernels = kAvx512;
  kernels.target = "avx512bf16";
  kernels.bfloat16_brgemm = kAvx512Bf16Brgemm;
  return kernels;
}

std::vector<Kernels<float>> DetectKernels(float) {
  std::vector<Kernels<float>> kernels;
  if (HasAvx512Bf16()) kernels.push_back(Avx512Bf16());
  if (HasAvx512()) kernels.push_back(kAvx512);
  if (HasAvx2()) kernels.push_back(kAvx2);
  kernels.push_back(kReferenceFloat);
  return kernels;
}

std::vector<Kernels<double>> DetectKernels(double) { return {kReferenceDouble}; }

template <typename T>
std::vector<Kernels<T>> Rounding(std::vector<Kernels<T>> tables) {
  for (Kernels<T>& kernels : tables) kernels.brgemm = kernels.bfloat16_brgemm;
  return tables;
}

/// The tables of this CPU, best first.
template <typename T>
const std::vector<Kernels<T>>& AvailableKernels(Precision precision = Precision::kFloat32) {
  static const std::vector<Kernels<T>> full = DetectKernels(T());
  static const std::vector<Kernels<T>> rounding = Rounding(full);
  return precision == Precision::kBfloat16 ? rounding : full;
}

template <typename T>
const Kernels<T>& Find(std::string_view target, Precision precision) {
  const std::vector<Kernels<T>>& available = AvailableKernels<T>(precision);
  if (target.empty()) return available.front();
  std::string names;
  for (const Kernels<T>& kernels : available) {
    if (kernels.target == target) return kernels;
    if (!names.empty()) names += ", ";
    names += kernels.target;
  }
  std::string message = "Target '";
  message.append(target).append("': expected ");
  if (available.size() > 1) message += "one of ";
  message.append(names).append(". Received: '").append(target).append("'.");
  throw std::invalid_argument(message);
}

}  // namespace

template <>
const Kernels<float>& KernelsFor(std::string_view target, Precision precision) {
  return Find<float>(target, precision);
}

template <>
const Kernels<double>& KernelsFor(std::string_view target, Precision precision) {
  return Find<double>(target, precision);
}

std::vector<std::string_view> AvailableTargets() {
  std::vector<std::string_view> targets;
  for (const Kernels<float>& kernels : AvailableKernels<float>()) {
    targets.push_back(kernels.target);
  }
  return targets;
}

}  // namespace fovea
