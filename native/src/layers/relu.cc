/// Relu: dst = max(0, src). The derivative at 0 is taken as 0.
///   src, dst: one shape, any.
/// Source: Nair and Hinton 2010, Rectified Linear Units Improve Restricted Boltzmann Machines.

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Relu final : public Layer<T> {
 public:
  explicit Relu(const LayerContext<T>& context)
      : kernels_(context.kernels), shape_(OnlySource(context.src)) {}

  Shape OutputShape() const override { return shape_; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, true}; }

  bool CanPassBackInPlace() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    kernels_.relu(args.rows * Size(shape_), args.src[0], args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] == nullptr) return;
    kernels_.relu_backward(args.rows * Size(shape_), args.dst, args.diff_dst, args.diff_src[0]);
  }

  LayerPtr<T> Bundled(int64_t width) const override {
    auto bundled = std::make_unique<Relu<T>>(*this);
    bundled->shape_ = Interleaved(shape_, width);
    return bundled;
  }

 private:
  const Kernels<T>& kernels_;
  Shape shape_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateRelu(const LayerContext<T>& context) {
  return std::make_unique<Relu<T>>(context);
}

template LayerPtr<float> CreateRelu(const LayerContext<float>&);
template LayerPtr<double> CreateRelu(const LayerContext<double>&);

}  // namespace fovea
