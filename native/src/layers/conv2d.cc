/// Conv2d: dst = the sum over a window of src * weight, + bias, for each filter.
///   src [IH, IW, IC]
///   dst [OH, OW, OC], see window.h
///   weight [KH, KW, IC / groups, OC], bias [OC]
/// Attributes: filters (OC) > 0; kernel (KH, KW); stride, default 1; padding, default same;
/// dilation, default 1; groups, default 1, a divisor of IC and OC: filter oc reads the channels of
/// its group oc * groups / OC only; bias, default true.
///
/// convolution, default auto: `direct` sums the products as they stand; `winograd` (windows of 3 x
/// 3 or 5 x 5 taps, stride, dilation and groups 1) takes fewer multiplications and rounds a little
/// more: within 5e-6 of direct relative to the largest result; `auto` takes winograd where it is
/// faster.
///
/// Prepared, scratch and cost: see direct_products.h and winograd_convolution.cc.

#include "layers/bundled_conv2d.h"
#include "layers/convolution.h"
#include "layers/groups.h"
#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

/// With more channels than this vectors are full, and neighbouring pixels share what is loaded;
/// bundles would only fill the cache.
constexpr int64_t kFewChannels = 24;

/// Whether attribute `convolution` means Winograd's way. Throws Error when the window does not
/// allow what it names.
bool IsWinograd(const Attributes& attributes, const Window& window, int filters, int groups) {
  const std::string way = attributes.OneOf("convolution", "auto direct winograd");
  const bool can = groups == 1 && CanBeWinograd(window);
  if (way == "winograd" && !can) {
    throw Error(
        "attribute 'convolution': expected auto or direct, since winograd takes kernel 3 or 5 with "
        "stride 1, dilation 1 and groups 1. Received: 'winograd'.");
  }
  return way == "winograd" || (way == "auto" && can && WinogradPays(window, filters));
}

template <typename T>
class Conv2d final : public Layer<T> {
 public:
  explicit Conv2d(const LayerContext<T>& context)
      : kernels_(context.kernels),
        has_bias_(context.attributes.Bool("bias")),
        window_(ConvWindow(context.attributes, OnlyImage(context.src))),
        filters_(context.attributes.PositiveInt("filters")),
        groups_(GroupsOf(context.attributes, OnlyImage(context.src)[2])),
        winograd_(IsWinograd(context.attributes, window_, filters_, groups_)),
        weight_(Weight(window_, filters_, groups_)),
        convolution_(winograd_ ? MakeWinogradConvolution(window_, filters_, kernels_)
                               : MakeDirectConvolution(window_, filters_, groups_, kernels_)) {}

  Shape OutputShape() const override {
    return {static_cast<int>(window_.oh), static_cast<int>(window_.ow), filters_};
  }

  std::vector<ParameterSpec> Parameters() const override {
    if (!has_bias_) return {weight_};
    return {weight_, {"bias", {filters_}, ParameterKind::kBias}};
  }

  int64_t ScratchBytes(int64_t rows) const override { return convolution_->ScratchBytes(rows); }
  int64_t PreparedSize() const override { return convolution_->PreparedSize(); }
  void Prepare(const T* weights, T* prepared) const override {
    convolution_->Prepare(weights, prepared);
  }
  bool CanFuseRelu() const override { return true; }
  bool CanFuseAdd() const override { return true; }
  bool CanFoldAffine() const override { return true; }

  LayerPtr<T> Bundled(int64_t) const override {
    const bool few = window_.channels <= kFewChannels && filters_ <= kFewChannels;
    if (winograd_ || groups_ > 1 || !few) return nullptr;
    return CreateBundledConv2d(kernels_, window_, filters_, has_bias_);
  }

  /// Of the direct way, fitted to measurements of 1 to 32 channels: the lanes of a panel that have
  /// no filter cost as much as the others, and tiles of few filters and few inputs wait for
  /// themselves.
  double Cost() const override {
    const int64_t panels = (filters_ / groups_ + kernels_.panel - 1) / kernels_.panel;
    const auto lanes = static_cast<double>(groups_ * panels * kernels_.panel);
    const auto inputs = static_cast<double>(window_.kh * window_.kw * window_.channels / groups_);
    return static_cast<double>(window_.oh * window_.ow) * lanes * (inputs / 0.75 + 25);
  }

  void Forward(const ForwardArgs<T>& args) const override {
    convolution_->Forward(args, has_bias_ ? args.weights + SliceSize(weight_) : nullptr);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] != nullptr) convolution_->BackwardSrc(args);
    if (args.diff_weights == nullptr) return;
    convolution_->BackwardWeights(args);
    if (has_bias_) {
      kernels_.column_sums(args.rows * window_.oh * window_.ow, filters_, args.diff_dst,
                           args.diff_weights + SliceSize(weight_));
    }
  }

 private:
  static ParameterSpec Weight(const Window& window, int filters, int groups) {
    const int64_t taps = window.kh * window.kw;
    const int64_t group_ic = window.channels / groups;
    const Shape shape = {static_cast<int>(window.kh), static_cast<int>(window.kw),
                         static_cast<int>(group_ic), filters};
    CheckSize("a weight", shape);  // before a convolution of that size is planned
    return {"weight", shape, ParameterKind::kWeight, taps * group_ic, taps * filters / groups};
  }

  const Kernels<T>& kernels_;
  bool has_bias_;
  Window window_;
  int filters_;
  int groups_;
  bool winograd_;  ///< else direct
  ParameterSpec weight_;
  ConvolutionPtr<T> convolution_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateConv2d(const LayerContext<T>& context) {
  return std::make_unique<Conv2d<T>>(context);
}

template LayerPtr<float> CreateConv2d(const LayerContext<float>&);
template LayerPtr<double> CreateConv2d(const LayerContext<double>&);

}  // namespace fovea
