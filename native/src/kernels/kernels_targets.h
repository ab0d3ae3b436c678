#pragma once

#include "kernels/kernels.h"

namespace fovea {

// The tables, one file each. A table may be read on any CPU; its functions may be called only where
// AvailableTargets() lists the target.
inline constexpr int64_t kReferencePanel = 16;
extern const Kernels<float> kReferenceFloat;
extern const Kernels<double> kReferenceDouble;
extern const Kernels<float> kAvx2;
extern const Kernels<float> kAvx512;
/// The one function of the table `avx512bf16` that is not that of `avx512`.
using BrgemmFunction = void (*)(const Brgemm<float>&);
extern const BrgemmFunction kAvx512Bf16Brgemm;

}  // namespace fovea
