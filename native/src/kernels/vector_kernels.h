#pragma once

#include "kernels/kernels.h"
#include "kernels/vector_bfloat16.h"
#include "kernels/vector_brgemm.h"
#include "kernels/vector_bundle_conv.h"
#include "kernels/vector_bundle_weights.h"
#include "kernels/vector_column_maps.h"
#include "kernels/vector_column_moments.h"
#include "kernels/vector_column_sums.h"
#include "kernels/vector_columnwise.h"
#include "kernels/vector_elementwise.h"
#include "kernels/vector_lstm.h"
#include "kernels/vector_math.h"
#include "kernels/vector_norm_backward.h"
#include "kernels/vector_pooling.h"
#include "kernels/vector_transpose.h"
#include "kernels/vector_updates.h"
#include "kernels/vector_winograd.h"
#include "kernels/vector_winograd_weights.h"

namespace fovea {

/// The table of a Target; see vector.h.
template <class Target>
inline constexpr Kernels<float> kVectorKernels = {
    .target = Target::kName,
    .panel = 2 * Target::kWidth,
    .brgemm = VectorBrgemm<Target>,
    .full_brgemm = VectorBrgemm<Target>,
    .bfloat16_brgemm = VectorBfloat16Brgemm<Target>,
    .columnwise_brgemm = VectorColumnwiseBrgemm<Target>,
    .relu = VectorRelu<Target>,
    .relu_backward = VectorReluBackward<Target>,
    .add = VectorAdd<Target>,
    .add_relu = VectorAddRelu<Target>,
    .accumulate = VectorAccumulate<Target>,
    .scale = VectorScale<Target>,
    .all_finite = VectorAllFinite<Target>,
    .exp = VectorExp<Target>,
    .log = VectorLog<Target>,
    .tanh = VectorTanh<Target>,
    .sigmoid = VectorSigmoid<Target>,
    .normalize_u8 = VectorNormalizeU8<Target>,
    .column_sums = VectorColumnSums<Target>,
    .column_moments = VectorColumnMoments<Target>,
    .column_affine = VectorColumnAffine<Target>,
    .norm_sums = VectorNormSums<Target>,
    .norm_backward = VectorNormBackward<Target>,
    .winograd_src = VectorWinogradSrc<Target>,
    .winograd_dst = VectorWinogradDst<Target>,
    .winograd_diff_dst = VectorWinogradDiffDst<Target>,
    .winograd_weights = VectorWinogradWeights<Target>,
    .winograd_diff_weights = VectorWinogradDiffWeights<Target>,
    .max_pool = VectorMaxPool<Target>,
    .max_pool_backward = VectorMaxPoolBackward<Target>,
    .lstm_gates = VectorLstmGates<Target>,
    .lstm_gates_backward = VectorLstmGatesBackward<Target>,
    .interleave = VectorInterleave<Target>,
    .deinterleave = VectorDeinterleave<Target>,
    .bundle_conv = VectorBundleConv<Target>,
    .bundle_conv_weights = VectorBundleConvWeights<Target>,
    .sgd = VectorSgd<Target>,
    .adam = VectorAdam<Target>,
    .running_average = VectorRunningAverage<Target>,
};

}  // namespace fovea
