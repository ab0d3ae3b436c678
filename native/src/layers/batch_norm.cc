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
/// Workspace: mean and variance (biased) of the call. Scratch: vectors over channels. Memory is
/// read twice and written once forward, and read twice (src and diff_dst) and written once
/// backward; an added tensor and a relu behind it cost the reading of it, and of dst.
///
/// Source: Ioffe and Szegedy 2015, Batch Normalization; groups: Hoffer et al. 2017, Train longer,
/// generalize better. The unbiased running variance is PyTorch's.

#include <algorithm>
#include <cmath>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class BatchNorm final : public Layer<T> {
 public:
  explicit BatchNorm(const LayerContext<T>& context)
      : kernels_(context.kernels),
        shape_(OnlySource(context.src)),
        channels_(shape_.back()),
        slice_(SliceSize(shape_.back())),
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
  int64_t ScratchBytes(int64_t) const override { return kVectors * channels_ * int64_t{sizeof(T)}; }
  int64_t NormalizationRows() const override { return normalization_rows_; }
  bool CanFuseRelu() const override { return true; }
  bool CanFuseAdd() const override { return true; }
  bool UndoesRelu() const override { return true; }
  bool CanPassBackInPlace() const override { return true; }

  bool IsAffine() const override { return true; }
  void Affine(const T* weights, T* factor, T* shift) const override {
    FactorAndShift(StatisticsOf(false, nullptr, weights), weights, factor, shift);
  }

  void Forward(const ForwardArgs<T>& args) const override {
    const int64_t count = Count(args.rows);
    if (args.training) {
      T* mean = reinterpret_cast<T*>(args.workspace);
      T* variance = mean + channels_;
      kernels_.column_moments(count, channels_, args.src[0], mean, variance);
      kernels_.scale(channels_, T(1) / static_cast<T>(count), variance, variance);
    }
    const Statistics statistics = StatisticsOf(args.training, args.workspace, args.weights);
    T* factor = reinterpret_cast<T*>(args.scratch);
    T* shift = factor + channels_;
    FactorAndShift(statistics, args.weights, factor, shift);
    kernels_.column_affine(
        {count, channels_, args.src[0], factor, shift, args.add, args.relu, args.dst});
  }

  void Backward(const BackwardArgs<T>& args) const override {
    const Statistics statistics = StatisticsOf(args.training, args.workspace, args.weights);
    T* factor = reinterpret_cast<T*>(args.scratch);  // of Forward, as shift
    T* shift = factor + channels_;
    FactorAndShift(statistics, args.weights, factor, shift);

    NormBackwardArgs<T> pass;
    pass.rows = Count(args.rows);
    pass.cols = channels_;
    pass.src = args.src[0];
    pass.diff_dst = args.diff_dst;
    pass.mean = statistics.mean;
    if (args.relu && args.add) {
      pass.dst = args.dst;
    } else if (args.relu) {
      pass.relu_factor = factor;
      pass.relu_shift = shift;
    }
    T* sum = shift + channels_;  // of the gradient behind the relu: the gradient of beta
    T* dot = sum + channels_;    // of that and normalised src: the gradient of gamma
    if (args.training || args.diff_weights != nullptr || pass.dst != nullptr) {
      Reduce(pass, statistics, sum, dot);
    }
    if (args.diff_weights != nullptr) {
      kernels_.accumulate(channels_, dot, args.diff_weights);
      kernels_.accumulate(channels_, sum, args.diff_weights + slice_);
      if (args.training) AddStatistics(args);
    }
    if (args.diff_src[0] == nullptr) return;
    pass.dst = nullptr;  // Reduce has undone the relu in diff_dst
    pass.diff_src = args.diff_src[0];
    BackwardSrc(args.training, pass, statistics, sum, dot, factor, dot + channels_);
  }

 private:
  /// Vectors over channels in scratch.
  static constexpr int64_t kVectors = 6;

  struct Statistics {
    const T* mean;
    const T* variance;
  };

  /// Values per channel in a call.
  int64_t Count(int64_t rows) const { return rows * (Size(shape_) / channels_); }

  T InverseDeviation(T variance) const { return T(1) / std::sqrt(variance + epsilon_); }

  Statistics StatisticsOf(bool training, const std::byte* workspace, const T* weights) const {
    const T* mean = training ? reinterpret_cast<const T*>(workspace) : weights + 2 * slice_;
    return {mean, mean + (training ? channels_ : slice_)};
  }

  /// dst = src * factor + shift.
  void FactorAndShift(const Statistics& statistics, const T* weights, T* factor, T* shift) const {
    const T* gamma = weights;
    const T* beta = weights + slice_;
    for (int64_t c = 0; c < channels_; ++c) {
      factor[c] = gamma[c] * InverseDeviation(statistics.variance[c]);
      shift[c] = beta[c] - statistics.mean[c] * factor[c];
    }
  }

  /// sum = sum of the gradient g behind the relu, dot = sum of g * (src - mean) / deviation.
  void Reduce(const NormBackwardArgs<T>& pass, const Statistics& statistics, T* sum, T* dot) const {
    std::fill_n(sum, channels_, T(0));
    std::fill_n(dot, channels_, T(0));
    kernels_.norm_sums(pass, sum, dot);
    for (int64_t c = 0; c < channels_; ++c) dot[c] *= InverseDeviation(statistics.variance[c]);
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
  ///   diff_src = factor * (g - sum / M - x * dot / M)
  /// otherwise diff_src = factor * g. `vectors`: two over channels, overwritten.
  void BackwardSrc(bool training, NormBackwardArgs<T>& pass, const Statistics& statistics,
                   const T* sum, const T* dot, const T* factor, T* vectors) const {
    const T share = training ? T(1) / static_cast<T>(pass.rows) : T(0);
    T* src_factor = vectors;
    T* shift = src_factor + channels_;
    for (int64_t c = 0; c < channels_; ++c) {
      src_factor[c] =
          training ? -factor[c] * InverseDeviation(statistics.variance[c]) * dot[c] * share : T(0);
      shift[c] = training ? -factor[c] * sum[c] * share : T(0);
    }
    pass.diff_factor = factor;
    pass.src_factor = src_factor;
    pass.shift = shift;
    kernels_.norm_backward(pass);
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
