/// The reference kernels: what every other target is tested against, and what runs on a CPU that
/// has none of them. Plain loops, summed in T in the order of the contract.

#include "kernels/kernels_targets.h"
#include "kernels/reference_brgemm.h"
#include "kernels/reference_bundle.h"
#include "kernels/reference_columns.h"
#include "kernels/reference_elementwise.h"
#include "kernels/reference_math.h"
#include "kernels/reference_pooling.h"
#include "kernels/reference_updates.h"
#include "kernels/reference_winograd.h"

namespace fovea {
namespace {

template <typename T>
constexpr Kernels<T> kReference = {
    .target = "reference",
    .panel = kReferencePanel,
    .brgemm = BrgemmReference<T, Precision::kFloat32>,
    .full_brgemm = BrgemmReference<T, Precision::kFloat32>,
    .bfloat16_brgemm = BrgemmReference<T, Precision::kBfloat16>,
    .columnwise_brgemm = ColumnwiseBrgemm<T>,
    .relu = ReluReference<T>,
    .relu_backward = ReluBackward<T>,
    .add = Add<T>,
    .add_relu = AddRelu<T>,
    .accumulate = Accumulate<T>,
    .scale = Scale<T>,
    .all_finite = AllFinite<T>,
    .exp = ExpReference<T>,
    .log = LogReference<T>,
    .tanh = TanhReference<T>,
    .sigmoid = SigmoidReference<T>,
    .normalize_u8 = NormalizeU8<T>,
    .column_sums = ColumnSums<T>,
    .column_moments = ColumnMoments<T>,
    .column_affine = ColumnAffineReference<T>,
    .norm_sums = NormSums<T>,
    .norm_backward = NormBackward<T>,
    .winograd_src = WinogradSrcReference<T>,
    .winograd_dst = WinogradDstReference<T>,
    .winograd_diff_dst = WinogradDiffDstReference<T>,
    .winograd_weights = WinogradWeightsReference<T>,
    .winograd_diff_weights = WinogradDiffWeightsReference<T>,
    .max_pool = MaxPool<T>,
    .max_pool_backward = MaxPoolBackward<T>,
    .lstm_gates = LstmGatesReference<T>,
    .lstm_gates_backward = LstmGatesBackwardReference<T>,
    .interleave = Interleave<T>,
    .deinterleave = Deinterleave<T>,
    .bundle_conv = BundleConv<T>,
    .bundle_conv_weights = BundleConvWeights<T>,
    .sgd = Sgd<T>,
    .adam = Adam<T>,
    .running_average = RunningAverage<T>,
};

}  // namespace

constinit const Kernels<float> kReferenceFloat = kReference<float>;
constinit const Kernels<double> kReferenceDouble = kReference<double>;

}  // namespace fovea
