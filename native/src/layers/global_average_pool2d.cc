/// GlobalAveragePool2d: dst = the mean of each channel over the whole image.
///   src [H, W, C]
///   dst [C]
/// Source: Lin, Chen and Yan 2013, Network In Network.

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class GlobalAveragePool2d final : public Layer<T> {
 public:
  explicit GlobalAveragePool2d(const LayerContext<T>& context) : kernels_(context.kernels) {
    const Shape& shape = OnlyImage(context.src);
    pixels_ = int64_t{shape[0]} * shape[1];
    channels_ = shape[2];
  }

  Shape OutputShape() const override { return {static_cast<int>(channels_)}; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    std::fill_n(args.dst, args.rows * channels_, T(0));
    for (int64_t row = 0; row < args.rows; ++row) {
      kernels_.column_sums(pixels_, channels_, args.src[0] + row * pixels_ * channels_,
                           args.dst + row * channels_);
    }
    kernels_.scale(args.rows * channels_, Share(), args.dst, args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] == nullptr) return;
    T* diff_src = args.diff_src[0];
    for (int64_t row = 0; row < args.rows; ++row) {
      const T* diff_dst = args.diff_dst + row * channels_;
      for (int64_t pixel = 0; pixel < pixels_; ++pixel, diff_src += channels_) {
        kernels_.scale(channels_, Share(), diff_dst, diff_src);
      }
    }
  }

  LayerPtr<T> Bundled(int64_t width) const override {
    auto bundled = std::make_unique<GlobalAveragePool2d<T>>(*this);
    bundled->channels_ *= width;
    return bundled;
  }

 private:
  T Share() const { return T(1) / static_cast<T>(pixels_); }

  const Kernels<T>& kernels_;
  int64_t pixels_;
  int64_t channels_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateGlobalAveragePool2d(const LayerContext<T>& context) {
  return std::make_unique<GlobalAveragePool2d<T>>(context);
}

template LayerPtr<float> CreateGlobalAveragePool2d(const LayerContext<float>&);
template LayerPtr<double> CreateGlobalAveragePool2d(const LayerContext<double>&);

}  // namespace fovea
