/// The vector kernels for AVX-512.

#include "kernels/kernels_targets.h"
#include "kernels/target_avx512.h"
#include "kernels/vector_kernels.h"

namespace fovea {

constinit const Kernels<float> kAvx512 = kVectorKernels<Avx512>;

}  // namespace fovea
