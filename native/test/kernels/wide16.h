#pragma once

#include "kernels/kernels.h"

namespace fovea {

/// The vector kernels with the vectors and tiles of AVX-512, in plain code that every CPU runs: the
/// logic of the wide tiles is tested also where there is no AVX-512.
extern const Kernels<float> kWide16;

}  // namespace fovea
