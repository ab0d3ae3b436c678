/// BatchNorm: dst = gamma * (src - mean) / sqrt(variance + epsilon) + beta, channel by channel.
///   src, dst: one shape, any; C is its last size
///   gamma, beta [C] are trained; mean, variance [C] are running averages
/// Attributes: momentum, 0 <= momentum < 1, default 0.1: the share of a step in the running
/// averages; epsilon > 0, default 1e-5; normalizationRows > 0, default 32: rows of a step that are
/// normalised together. The plan makes each such group one call.
///
/// In training, mean and variance are those of all rows and positions of the call, whatever the row
/// weights; otherwise the running averages. Backward in training adds (sum of the row weights) *
/// (mean and unbiased variance of the call) to the statistics' slices of the gradient, so that
/// dividing by the weight of the step averages the groups. A group of one value has no variance: it
/// leaves the running averages as they are.
///
/// Workspace: mean and variance (biased) of the call. Scratch: vectors over channels, one block.
///
/// Source: Ioffe and Szegedy 2015, Batch Normalization; groups: Hoffer et al. 2017, Train longer,
/// generalize better. The unbiased running variance is PyTorch's.

#include <algorithm>
#include <cmath>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

/// Positions normalised at a time in Backward, to stay in cache.
constexpr int64_t kBlock = 64;

template <typename T>
class BatchNorm final : public Layer<T> {
 public:
  explicit BatchNorm(const LayerContext<T>& context)
      : kernels_(context.kernels),
        shape_(OnlySource(context.src)),
        channels_(shape_.back()),
        slice_(SliceSize({"", {shape_.back()}, ParameterKind::kScale})),
        decay_(1 - context.attributes.NumberIn("momentum", 0, 1)),
        epsilon_(static_cast<T>(context.attributes.NumberFrom("epsilon", 0, true))),
        normalization_rows_(context.attributes.PositiveInt("normalizationRows")) {}

  Shape OutputShape() const override { return shape_; }

  std::vector<ParameterSpec> Parameters() const override {
    const Shape shape = {shape_.back()};
    return {{"gamma", shape, ParameterKind::kScale},
            {"beta", shape, ParameterKind::kBias},
            {"mean", shape, ParameterKind::kZeroStatistic, 0, 0, decay_},
            {"variance", shape, ParameterKind::kOneStatistic, 0, 0, decay_}};
  }

  int64_t WorkspaceBytes(int64_t) const override { return 2 * channels_ * int64_t{sizeof(T)}; }
  int64_t ScratchBytes(int64_t) const override {
    return (kVectors + kBlock) * channels_ * int64_t{sizeof(T)};
  }
  int64_t NormalizationRows() const override { return normalization_rows_; }

  void Forward(const ForwardArgs<T>& args) const override {
    const int64_t count = Count(args.rows);
    const T* mean = args.weights + 2 * slice_;
    const T* variance = args.weights + 3 * slice_;
    if (args.training) {
      T* statistics = reinterpret_cast<T*>(args.workspace);
      Measure(count, args.src[0], statistics);
      mean = statistics;
      variance = statistics + channels_;
    }
    const T* gamma = args.weights;
    const T* beta = args.weights + slice_;
    T* factor = reinterpret_cast<T*>(args.scratch);
    T* shift = factor + channels_;
    for (int64_t c = 0; c < channels_; ++c) {
      factor[c] = gamma[c] * InverseDeviation(variance[c]);
      shift[c] = beta[c] - mean[c] * factor[c];
    }
    kernels_.column_affine(count, channels_, args.src[0], factor, shift, args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    const T* statistics = reinterpret_cast<const T*>(args.workspace);
    const T* mean = args.training ? statistics : args.weights + 2 * slice_;
    const T* variance = args.training ? statistics + channels_ : args.weights + 3 * slice_;
    T* inverse = reinterpret_cast<T*>(args.scratch);  // 1 / sqrt(variance + epsilon)
    for (int64_t c = 0; c < channels_; ++c) inverse[c] = InverseDeviation(variance[c]);

    T* sum = inverse + channels_;  // of diff_dst: the gradient of beta
    T* dot = sum + channels_;      // of diff_dst and normalised src: the gradient of gamma
    if (args.training || args.diff_weights != nullptr) Reduce(args, mean, inverse, sum, dot);
    if (args.diff_weights != nullptr) {
      kernels_.accumulate(channels_, dot, args.diff_weights);
      kernels_.accumulate(channels_, sum, args.diff_weights + slice_);
      if (args.training) AddStatistics(args);
    }
    if (args.diff_src[0] != nullptr) BackwardSrc(args, mean, inverse, sum, dot);
  }

 private:
  /// Vectors over channels in scratch: inverse, sum, dot, and three more of use within one
  /// function.
  static constexpr int64_t kVectors = 6;

  /// Values per channel in a call.
  int64_t Count(int64_t rows) const { return rows * (Size(shape_) / channels_); }

  T InverseDeviation(T variance) const { return T(1) / std::sqrt(variance + epsilon_); }

  /// Mean, then biased variance around it, of each channel.
  void Measure(int64_t count, const T* src, T* statistics) const {
    T* mean = statistics;
    T* variance = statistics + channels_;
    const T share = T(1) / static_cast<T>(count);
    std::fill_n(statistics, 2 * channels_, T(0));
    kernels_.column_sums(count, channels_, src, mean);
    kernels_.scale(channels_, share, mean, mean);
    kernels_.column_squares(count, channels_, src, mean, variance);
    kernels_.scale(channels_, share, variance, variance);
  }

  /// sum = sum of diff_dst, dot = sum of diff_dst * (src - mean) * inverse. The second is formed
  /// from normalised values, block by block: the difference of raw sums would cancel where the mean
  /// is large.
  void Reduce(const BackwardArgs<T>& args, const T* mean, const T* inverse, T* sum, T* dot) const {
    T* shift = dot + channels_;
    T* block = reinterpret_cast<T*>(args.scratch) + kVectors * channels_;
    for (int64_t c = 0; c < channels_; ++c) shift[c] = -mean[c] * inverse[c];
    std::fill_n(sum, channels_, T(0));
    std::fill_n(dot, channels_, T(0));
    const int64_t count = Count(args.rows);
    for (int64_t first = 0; first < count; first += kBlock) {
      const int64_t positions = std::min(kBlock, count - first);
      const T* diff_dst = args.diff_dst + first * channels_;
      kernels_.column_affine(positions, channels_, args.src[0] + first * channels_, inverse, shift,
                             block);
      kernels_.column_sums(positions, channels_, diff_dst, sum);
      kernels_.column_dots(positions, channels_, diff_dst, block, dot);
    }
  }

  void AddStatistics(const BackwardArgs<T>& args) const {
    const int64_t count = Count(args.rows);
    T weight = static_cast<T>(args.rows);
    if (args.row_weights != nullptr) {
      weight = 0;
      for (int64_t row = 0; row < args.rows; ++row) weight += args.row_weights[row];
    }
    const bool single = count == 1;
    const T* statistics =
        single ? args.weights + 2 * slice_ : reinterpret_cast<const T*>(args.workspace);
    const int64_t distance = single ? slice_ : channels_;
    const T unbiased = single ? T(1) : static_cast<T>(count) / static_cast<T>(count - 1);
    T* mean = args.diff_weights + 2 * slice_;
    T* variance = args.diff_weights + 3 * slice_;
    for (int64_t c = 0; c < channels_; ++c) {
      mean[c] += weight * statistics[c];
      variance[c] += weight * unbiased * statistics[distance + c];
    }
  }

  /// In training, with x = normalised src and M values per channel:
  ///   diff_src = gamma * inverse * (diff_dst - sum / M - x * dot / M)
  /// otherwise diff_src = gamma * inverse * diff_dst.
  void BackwardSrc(const BackwardArgs<T>& args, const T* mean, const T* inverse, const T* sum,
                   const T* dot) const {
    const int64_t count = Count(args.rows);
    const T share = args.training ? T(1) / static_cast<T>(count) : T(0);
    const T* gamma = args.weights;
    T* diff_factor = reinterpret_cast<T*>(args.scratch) + 3 * channels_;
    T* src_factor = diff_factor + channels_;
    T* shift = src_factor + channels_;
    for (int64_t c = 0; c < channels_; ++c) {
      diff_factor[c] = gamma[c] * inverse[c];
      if (!args.training) continue;
      src_factor[c] = -diff_factor[c] * inverse[c] * dot[c] * share;
      shift[c] = -diff_factor[c] * sum[c] * share - mean[c] * src_factor[c];
    }
    if (args.training) {
      kernels_.column_affine2(count, channels_, args.diff_dst, diff_factor, args.src[0], src_factor,
                              shift, args.diff_src[0]);
    } else {
      std::fill_n(shift, channels_, T(0));
      kernels_.column_affine(count, channels_, args.diff_dst, diff_factor, shift, args.diff_src[0]);
    }
  }

  const Kernels<T>& kernels_;
  Shape shape_;
  int64_t channels_;
  int64_t slice_;  ///< elements from one parameter to the next
  double decay_;
  T epsilon_;
  int64_t normalization_rows_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateBatchNorm(const LayerContext<T>& context) {
  return std::make_unique<BatchNorm<T>>(context);
}

template LayerPtr<float> CreateBatchNorm(const LayerContext<float>&);
template LayerPtr<double> CreateBatchNorm(const LayerContext<double>&);

}  // namespace fovea
