/// MaxPool2d: dst = the largest value of each window, channel by channel; padding never wins.
///   src [IH, IW, C]
///   dst [OH, OW, C], see window.h
/// Attributes: kernel (KH, KW), stride, with KH * KW <= 256; padding, default valid, less than the
/// kernel.
/// Workspace: the place of the winner in its window, kh * KW + kw, one byte per output. Ties: the
/// first in row order, which gets the whole gradient. Cost: N * OH * OW * C * KH * KW comparisons.

#include "layers/layer.h"
#include "layers/sources.h"
#include "layers/window.h"

namespace fovea {
namespace {

constexpr int64_t kMaxArea = 256;  // a place in the window is kept in a byte

template <typename T>
class MaxPool2d final : public Layer<T> {
 public:
  explicit MaxPool2d(const LayerContext<T>& context)
      : kernels_(context.kernels), window_(PoolWindow(context.attributes, OnlyImage(context.src))) {
    if (window_.kh * window_.kw > kMaxArea) {
      throw Error("attribute 'kernel': expected at most " + std::to_string(kMaxArea) +
                  " pixels. Received: " + context.attributes.Text("kernel") + ".");
    }
  }

  Shape OutputShape() const override {
    return {static_cast<int>(window_.oh), static_cast<int>(window_.ow),
            static_cast<int>(window_.channels)};
  }
  int64_t WorkspaceBytes(int64_t rows) const override {
    return rows * window_.oh * window_.ow * window_.channels;
  }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }
  /// The winner passes a relu exactly where dst, its value, is > 0.
  bool UndoesSrcRelu() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    const Window& w = window_;
    kernels_.max_pool({args.rows, w.ih, w.iw, w.channels, w.oh, w.ow, w.kh, w.kw, w.sh, w.sw, w.top,
                       w.left, args.src[0], args.dst, reinterpret_cast<uint8_t*>(args.workspace)});
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] == nullptr) return;
    const Window& w = window_;
    kernels_.max_pool_backward({args.rows, w.ih, w.iw, w.channels, w.oh, w.ow, w.kh, w.kw, w.sh,
                                w.sw, w.top, w.left, args.diff_dst,
                                reinterpret_cast<const uint8_t*>(args.workspace), args.diff_src[0],
                                args.src_relu ? args.dst : nullptr});
  }

  LayerPtr<T> Bundled(int64_t width) const override {
    auto bundled = std::make_unique<MaxPool2d<T>>(*this);
    bundled->window_.channels *= width;
    return bundled;
  }

 private:
  const Kernels<T>& kernels_;
  Window window_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateMaxPool2d(const LayerContext<T>& context) {
  return std::make_unique<MaxPool2d<T>>(context);
}

template LayerPtr<float> CreateMaxPool2d(const LayerContext<float>&);
template LayerPtr<double> CreateMaxPool2d(const LayerContext<double>&);

}  // namespace fovea
