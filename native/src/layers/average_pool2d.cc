/// AveragePool2d: dst = the mean of each window, channel by channel, over the pixels inside the
/// image: padding is not counted (PyTorch's count_include_pad=False, and TensorFlow's rule).
///   src [IH, IW, C]
///   dst [OH, OW, C], see window.h
/// Attributes: kernel, stride; padding, default valid, less than the kernel.
/// Cost: N * OH * OW * C * KH * KW additions.

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"
#include "layers/window.h"

namespace fovea {
namespace {

template <typename T>
class AveragePool2d final : public Layer<T> {
 public:
  explicit AveragePool2d(const LayerContext<T>& context)
      : kernels_(context.kernels),
        window_(PoolWindow(context.attributes, OnlyImage(context.src))) {}

  Shape OutputShape() const override {
    return {static_cast<int>(window_.oh), static_cast<int>(window_.ow),
            static_cast<int>(window_.channels)};
  }
  int64_t ScratchBytes(int64_t) const override { return window_.channels * int64_t{sizeof(T)}; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    const Window& w = window_;
    T* dst = args.dst;
    for (int64_t row = 0; row < args.rows; ++row) {
      const T* src = args.src[0] + row * w.ih * w.iw * w.channels;
      for (int64_t oh = 0; oh < w.oh; ++oh) {
        for (int64_t ow = 0; ow < w.ow; ++ow, dst += w.channels) {
          const Pixels pixels = PixelsOf(oh, ow);
          std::fill_n(dst, w.channels, T(0));
          for (int64_t ih = pixels.top; ih < pixels.bottom; ++ih) {
            kernels_.column_sums(pixels.right - pixels.left, w.channels,
                                 src + (ih * w.iw + pixels.left) * w.channels, dst);
          }
          kernels_.scale(w.channels, pixels.Share(), dst, dst);
        }
      }
    }
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] == nullptr) return;
    const Window& w = window_;
    T* share = reinterpret_cast<T*>(args.scratch);
    const T* diff_dst = args.diff_dst;
    std::fill_n(args.diff_src[0], args.rows * w.ih * w.iw * w.channels, T(0));
    for (int64_t row = 0; row < args.rows; ++row) {
      T* diff_src = args.diff_src[0] + row * w.ih * w.iw * w.channels;
      for (int64_t oh = 0; oh < w.oh; ++oh) {
        for (int64_t ow = 0; ow < w.ow; ++ow, diff_dst += w.channels) {
          const Pixels pixels = PixelsOf(oh, ow);
          kernels_.scale(w.channels, pixels.Share(), diff_dst, share);
          for (int64_t ih = pixels.top; ih < pixels.bottom; ++ih) {
            for (int64_t iw = pixels.left; iw < pixels.right; ++iw) {
              kernels_.accumulate(w.channels, share, diff_src + (ih * w.iw + iw) * w.channels);
            }
          }
        }
      }
    }
  }

  LayerPtr<T> Bundled(int64_t width) const override {
    auto bundled = std::make_unique<AveragePool2d<T>>(*this);
    bundled->window_.channels *= width;
    return bundled;
  }

 private:
  /// The part of a window that lies inside the image: rows [top, bottom), columns [left, right).
  struct Pixels {
    int64_t top, bottom, left, right;
    T Share() const { return T(1) / static_cast<T>((bottom - top) * (right - left)); }
  };

  Pixels PixelsOf(int64_t oh, int64_t ow) const {
    const Window& w = window_;
    const int64_t top = oh * w.sh - w.top;
    const int64_t left = ow * w.sw - w.left;
    return {std::max<int64_t>(top, 0), std::min(top + w.kh, w.ih), std::max<int64_t>(left, 0),
            std::min(left + w.kw, w.iw)};
  }

  const Kernels<T>& kernels_;
  Window window_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateAveragePool2d(const LayerContext<T>& context) {
  return std::make_unique<AveragePool2d<T>>(context);
}

template LayerPtr<float> CreateAveragePool2d(const LayerContext<float>&);
template LayerPtr<double> CreateAveragePool2d(const LayerContext<double>&);

}  // namespace fovea
