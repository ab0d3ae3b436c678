/// Flatten: dst has the elements of src, in the same order, as one dimension.
///   src [any shape]
///   dst [product of its sizes]
/// A view: the plan gives src and dst the same memory, and no call is made.

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Flatten final : public Layer<T> {
 public:
  explicit Flatten(const LayerContext<T>& context) : size_(Size(OnlySource(context.src))) {}

  Shape OutputShape() const override { return {static_cast<int>(size_)}; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }
  bool IsView() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    if (args.dst != args.src[0]) std::copy_n(args.src[0], args.rows * size_, args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] == nullptr || args.diff_src[0] == args.diff_dst) return;
    std::copy_n(args.diff_dst, args.rows * size_, args.diff_src[0]);
  }

 private:
  int64_t size_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateFlatten(const LayerContext<T>& context) {
  return std::make_unique<Flatten<T>>(context);
}

template LayerPtr<float> CreateFlatten(const LayerContext<float>&);
template LayerPtr<double> CreateFlatten(const LayerContext<double>&);

}  // namespace fovea
