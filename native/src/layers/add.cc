/// Add: dst = the sum of the sources, element by element.
///   src (two or more), dst: one shape, any.

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Add final : public Layer<T> {
 public:
  explicit Add(const LayerContext<T>& context) : kernels_(context.kernels) {
    SeveralSources(context.src);
    shape_ = context.src[0];
    for (const Shape& shape : context.src) {
      if (shape != shape_) {
        throw Error("expected sources of one shape, " + ToString(shape_) +
                    ". Received: " + ToString(shape) + ".");
      }
    }
  }

  Shape OutputShape() const override { return shape_; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }
  bool CanFuseRelu() const override { return true; }
  bool PassesGradient() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    const int64_t count = args.rows * Size(shape_);
    const T* sum = args.src[0];
    for (size_t i = 1; i < args.src.size(); ++i) {
      const bool relu = args.relu && i + 1 == args.src.size();
      (relu ? kernels_.add_relu : kernels_.add)(count, sum, args.src[i], args.dst);
      sum = args.dst;
    }
  }

  void Backward(const BackwardArgs<T>& args) const override {
    for (T* diff_src : args.diff_src) {
      if (diff_src != nullptr) std::copy_n(args.diff_dst, args.rows * Size(shape_), diff_src);
    }
  }

  LayerPtr<T> Bundled(int64_t width) const override {
    auto bundled = std::make_unique<Add<T>>(*this);
    bundled->shape_ = Interleaved(shape_, width);
    return bundled;
  }

 private:
  const Kernels<T>& kernels_;
  Shape shape_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateAdd(const LayerContext<T>& context) {
  return std::make_unique<Add<T>>(context);
}

template LayerPtr<float> CreateAdd(const LayerContext<float>&);
template LayerPtr<double> CreateAdd(const LayerContext<double>&);

}  // namespace fovea
