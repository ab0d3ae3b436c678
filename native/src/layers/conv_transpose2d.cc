/// ConvTranspose2d: each pixel of src adds weight * itself to a window of dst: a convolution from
/// dst to src, run backwards.
///   src [IH, IW, IC]
///   dst [OH, OW, OC], OH = (IH - 1) * SH - top - bottom + (KH - 1) * DH + 1 + outputPadding, or
///   IH * SH with padding `same`; OW likewise
///   weight [KH, KW, OC / groups, IC], bias [OC]
/// Attributes: filters (OC) > 0; kernel (KH, KW); stride, default 1; padding, default valid: what
/// is cut off dst; outputPadding, default 0: rows and columns more, at the bottom and right, less
/// than stride or dilation; dilation, default 1; groups, default 1, a divisor of IC and OC; bias,
/// default true. Source: Zeiler, Krishnan, Taylor, Fergus 2010, Deconvolutional Networks; Dumoulin,
/// Visin 2016, A guide to convolution arithmetic for deep learning, chapter 4.
///
/// Prepared, scratch and cost: those of the convolution, see direct_products.h. Forward is its
/// product for diff_src, backward its products for dst and, with src and diff_dst exchanged, for
/// diff_weights.

#include <algorithm>

#include "layers/direct_products.h"
#include "layers/groups.h"
#include "layers/sources.h"
#include "layers/window.h"

namespace fovea {
namespace {

template <typename T>
class ConvTranspose2d final : public Layer<T> {
 public:
  explicit ConvTranspose2d(const LayerContext<T>& context)
      : kernels_(context.kernels),
        has_bias_(context.attributes.Bool("bias")),
        filters_(context.attributes.PositiveInt("filters")),
        window_(TransposedWindow(context.attributes, OnlyImage(context.src), filters_)),
        weight_(Weight(window_, OnlyImage(context.src)[2], Groups(context))),
        products_(window_, OnlyImage(context.src)[2], Groups(context), kernels_) {}

  Shape OutputShape() const override {
    return {static_cast<int>(window_.ih), static_cast<int>(window_.iw), filters_};
  }

  std::vector<ParameterSpec> Parameters() const override {
    if (!has_bias_) return {weight_};
    return {weight_, {"bias", {filters_}, ParameterKind::kBias}};
  }

  int64_t ScratchBytes(int64_t) const override { return products_.ScratchBytes(); }
  int64_t PreparedSize() const override { return products_.PreparedSize(); }
  void Prepare(const T* weights, T* prepared) const override {
    products_.Prepare(weights, prepared);
  }
  bool CanFuseRelu() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    const T* bias = has_bias_ ? args.weights + SliceSize(weight_) : nullptr;
    products_.DiffSrc(args.rows, args.src[0], args.prepared, {nullptr, bias, args.relu},
                      args.scratch, args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] != nullptr) {
      products_.Dst(args.rows, args.diff_dst, args.prepared, {}, args.scratch, args.diff_src[0]);
    }
    if (args.diff_weights == nullptr) return;
    products_.DiffWeights(args.rows, args.diff_dst, args.src[0], args.scratch, args.diff_weights);
    if (has_bias_) {
      kernels_.column_sums(args.rows * window_.ih * window_.iw, filters_, args.diff_dst,
                           args.diff_weights + SliceSize(weight_));
    }
  }

 private:
  static int Groups(const LayerContext<T>& context) {
    return GroupsOf(context.attributes, OnlyImage(context.src)[2]);
  }

  /// Of the taps, one in SH * SW meets a pixel of dst.
  static ParameterSpec Weight(const Window& window, int channels, int groups) {
    const int64_t taps = window.kh * window.kw;
    const int64_t group_oc = window.channels / groups;
    const Shape shape = {static_cast<int>(window.kh), static_cast<int>(window.kw),
                         static_cast<int>(group_oc), channels};
    CheckSize("a weight", shape);  // before products of that size are planned
    return {"weight", shape, ParameterKind::kWeight,
            std::max<int64_t>(1, taps * (channels / groups) / (window.sh * window.sw)),
            taps * group_oc};
  }

  const Kernels<T>& kernels_;
  bool has_bias_;
  int filters_;
  Window window_;  ///< of the convolution: its image is dst
  ParameterSpec weight_;
  DirectProducts<T> products_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateConvTranspose2d(const LayerContext<T>& context) {
  return std::make_unique<ConvTranspose2d<T>>(context);
}

template LayerPtr<float> CreateConvTranspose2d(const LayerContext<float>&);
template LayerPtr<double> CreateConvTranspose2d(const LayerContext<double>&);

}  // namespace fovea
