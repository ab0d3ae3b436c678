/// Dense: dst = src * weight + bias, a fully connected layer.
///   src [any shape], read flat as [IC]
///   dst [OC]
///   weight [IC, OC], bias [OC]
/// Attributes: units (OC) > 0; bias, default true.
/// Prepared: panels of weight, then of its transpose; nothing where it runs by panels, see
/// dense_panels.h. Cost: 2 * N * IC * OC operations forward, twice that backward.

#include "kernels/pack.h"
#include "layers/dense_panels.h"
#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Dense final : public Layer<T> {
 public:
  explicit Dense(const LayerContext<T>& context)
      : kernels_(context.kernels),
        ic_(Size(OnlySource(context.src))),
        oc_(context.attributes.PositiveInt("units")),
        has_bias_(context.attributes.Bool("bias")),
        weight_{"weight",
                {static_cast<int>(ic_), static_cast<int>(oc_)},
                ParameterKind::kWeight,
                ic_,
                oc_},
        panels_(kernels_, ic_, oc_) {}

  Shape OutputShape() const override { return {static_cast<int>(oc_)}; }

  std::vector<ParameterSpec> Parameters() const override {
    if (!has_bias_) return {weight_};
    return {weight_, {"bias", OutputShape(), ParameterKind::kBias}};
  }

  int64_t PreparedSize() const override {
    return ForwardPanels() + PackedSize(oc_, ic_, kernels_.panel);
  }

  void Prepare(const T* weights, T* prepared) const override {
    const int64_t panel = kernels_.panel;
    PackPanels(ic_, oc_, weights, oc_, 1, panel, ic_ * panel, prepared);
    PackPanels(oc_, ic_, weights, 1, oc_, panel, oc_ * panel, prepared + ForwardPanels());
  }

  bool CanFuseRelu() const override { return true; }
  bool CanFoldAffine() const override { return true; }
  bool CanRunByPanels() const override { return true; }
  int64_t PanelScratchBytes(int64_t rows) const override { return panels_.ScratchBytes(rows); }

  void Forward(const ForwardArgs<T>& args) const override {
    const T* bias = has_bias_ ? args.weights + SliceSize(weight_) : nullptr;
    if (args.panel.count > 0) return panels_.Forward(args, bias);
    Brgemm<T> product;
    product.rows = args.rows;
    product.cols = oc_;
    product.depth = ic_;
    product.a = args.src[0];
    product.a_row = ic_;
    product.b = args.prepared;
    product.b_panel = ic_ * kernels_.panel;
    product.b_depth = kernels_.panel;
    product.c = args.dst;
    product.c_row = oc_;
    product.bias = bias;
    product.relu = args.relu;
    kernels_.brgemm(product);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.panel.count > 0) {
      const bool biased = has_bias_ && args.diff_weights != nullptr;
      return panels_.Backward(args, biased ? args.diff_weights + SliceSize(weight_) : nullptr);
    }
    if (args.diff_src[0] != nullptr) BackwardSrc(args);
    if (args.diff_weights != nullptr) BackwardWeights(args);
  }

 private:
  int64_t ForwardPanels() const { return PackedSize(ic_, oc_, kernels_.panel); }

  /// diff_src = diff_dst * weight^T.
  void BackwardSrc(const BackwardArgs<T>& args) const {
    Brgemm<T> product;
    product.rows = args.rows;
    product.cols = ic_;
    product.depth = oc_;
    product.a = args.diff_dst;
    product.a_row = oc_;
    product.b = args.prepared + ForwardPanels();
    product.b_panel = oc_ * kernels_.panel;
    product.b_depth = kernels_.panel;
    product.c = args.diff_src[0];
    product.c_row = ic_;
    kernels_.brgemm(product);
  }

  /// diff_weight += src^T * diff_dst, both read in place.
  void BackwardWeights(const BackwardArgs<T>& args) const {
    Brgemm<T> product;
    product.rows = ic_;
    product.cols = oc_;
    product.depth = args.rows;
    product.a = args.src[0];
    product.a_row = 1;
    product.a_depth = ic_;
    product.b = args.diff_dst;
    product.b_panel = kernels_.panel;
    product.b_depth = oc_;
    product.b_padded = oc_ % kernels_.panel == 0;
    product.c = args.diff_weights;
    product.c_row = oc_;
    product.accumulate = true;
    kernels_.brgemm(product);
    if (has_bias_) {
      kernels_.column_sums(args.rows, oc_, args.diff_dst, args.diff_weights + SliceSize(weight_));
    }
  }

  const Kernels<T>& kernels_;
  int64_t ic_;
  int64_t oc_;
  bool has_bias_;
  ParameterSpec weight_;
  DensePanels<T> panels_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateDense(const LayerContext<T>& context) {
  return std::make_unique<Dense<T>>(context);
}

template LayerPtr<float> CreateDense(const LayerContext<float>&);
template LayerPtr<double> CreateDense(const LayerContext<double>&);

}  // namespace fovea
