/// SoftmaxCrossEntropy: dst = -log(softmax(logits)[label]), the loss of a classifier, in nats.
///   src logits [K], K >= 2, and label [1], an integer from 0 to K - 1
///   dst [1]
/// Attributes: weight > 0, default 1: of this loss in the network's. dst itself is not weighted;
/// the weight, and that of the row, come in with diff_dst.
///
/// Workspace: softmax(logits) - onehot(label), which is d(dst)/d(logits). The largest logit is
/// subtracted before exp, so that nothing overflows. Scratch: the sum of each row's exps.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

/// A label as a message shows it: `12`, `1.5`, `NaN`.
std::string LabelText(double label) {
  if (std::isnan(label)) return "NaN";
  if (label == std::floor(label) && std::abs(label) < 1e15) {
    return std::to_string(static_cast<int64_t>(label));
  }
  std::string text = std::to_string(label);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

template <typename T>
class SoftmaxCrossEntropy final : public Layer<T> {
 public:
  explicit SoftmaxCrossEntropy(const LayerContext<T>& context)
      : kernels_(context.kernels), weight_(context.attributes.NumberFrom("weight", 0, true)) {
    if (context.src.size() != 2) {
      throw Error("expected 2 sources, logits and label. Received: " +
                  std::to_string(context.src.size()) + ". Name them with from=logits,label.");
    }
    if (context.src[0].size() != 1 || context.src[0][0] < 2) {
      throw Error("expected logits [K] with K >= 2. Received: " + ToString(context.src[0]) + ".");
    }
    if (Size(context.src[1]) != 1) {
      throw Error("expected a label [1]. Received: " + ToString(context.src[1]) + ".");
    }
    classes_ = context.src[0][0];
  }

  Shape OutputShape() const override { return {1}; }
  int64_t WorkspaceBytes(int64_t rows) const override {
    return rows * classes_ * int64_t{sizeof(T)};
  }
  int64_t ScratchBytes(int64_t rows) const override { return rows * int64_t{sizeof(T)}; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }
  std::optional<double> LossWeight() const override { return weight_; }

  void Forward(const ForwardArgs<T>& args) const override {
    T* derivative = reinterpret_cast<T*>(args.workspace);
    for (int64_t row = 0; row < args.rows; ++row) {
      const T* logits = args.src[0] + row * classes_;
      const T largest = *std::max_element(logits, logits + classes_);
      for (int64_t k = 0; k < classes_; ++k) derivative[row * classes_ + k] = logits[k] - largest;
      args.dst[row] = largest - logits[Label(args, row)];
    }
    kernels_.exp(args.rows * classes_, derivative, derivative);
    T* sums = reinterpret_cast<T*>(args.scratch);
    for (int64_t row = 0; row < args.rows; ++row, derivative += classes_) {
      sums[row] = std::accumulate(derivative, derivative + classes_, T(0));
      for (int64_t k = 0; k < classes_; ++k) derivative[k] /= sums[row];
      derivative[Label(args, row)] -= 1;
    }
    kernels_.log(args.rows, sums, sums);
    kernels_.accumulate(args.rows, sums, args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[1] != nullptr) std::fill_n(args.diff_src[1], args.rows, T(0));
    if (args.diff_src[0] == nullptr) return;
    const T* derivative = reinterpret_cast<const T*>(args.workspace);
    for (int64_t row = 0; row < args.rows; ++row) {
      kernels_.scale(classes_, args.diff_dst[row], derivative + row * classes_,
                     args.diff_src[0] + row * classes_);
    }
  }

  /// Ties go to the first class, as in Spark's predictions.
  double CountCorrect(const ForwardArgs<T>& args) const override {
    double correct = 0;
    for (int64_t row = 0; row < args.rows; ++row) {
      const T* logits = args.src[0] + row * classes_;
      if (std::max_element(logits, logits + classes_) - logits != Label(args, row)) continue;
      correct += args.row_weights == nullptr ? 1 : args.row_weights[row];
    }
    return correct;
  }

 private:
  int64_t Label(const ForwardArgs<T>& args, int64_t row) const {
    const auto label = static_cast<double>(args.src[1][row]);
    if (!(label >= 0 && label < static_cast<double>(classes_) && label == std::floor(label))) {
      throw Error("Row " + std::to_string(args.random.first_row + row) +
                  ": expected a label 0 to " + std::to_string(classes_ - 1) +
                  ". Received: " + LabelText(label) + ".");
    }
    return static_cast<int64_t>(label);
  }

  const Kernels<T>& kernels_;
  double weight_;
  int64_t classes_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateSoftmaxCrossEntropy(const LayerContext<T>& context) {
  return std::make_unique<SoftmaxCrossEntropy<T>>(context);
}

template LayerPtr<float> CreateSoftmaxCrossEntropy(const LayerContext<float>&);
template LayerPtr<double> CreateSoftmaxCrossEntropy(const LayerContext<double>&);

}  // namespace fovea
