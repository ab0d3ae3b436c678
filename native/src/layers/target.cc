/// Target: a label or a value to be learned, a field of the record.
///   field [shape] float32
///   dst [shape]
/// Attributes: shape, default 1.

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Target final : public Layer<T> {
 public:
  explicit Target(const LayerContext<T>& context)
      : shape_(context.attributes.PositiveInts("shape")) {
    NoSources(context.src);
  }

  Shape OutputShape() const override { return shape_; }
  int64_t FieldBytes() const override { return Size(shape_) * int64_t{sizeof(float)}; }
  std::string FieldType() const override { return "float32"; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    const int64_t size = Size(shape_);
    for (int64_t row = 0; row < args.rows; ++row) {
      const auto* field = reinterpret_cast<const float*>(args.field + row * args.record_bytes);
      std::copy_n(field, size, args.dst + row * size);
    }
  }

  void Backward(const BackwardArgs<T>&) const override {}

 private:
  Shape shape_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateTarget(const LayerContext<T>& context) {
  return std::make_unique<Target<T>>(context);
}

template LayerPtr<float> CreateTarget(const LayerContext<float>&);
template LayerPtr<double> CreateTarget(const LayerContext<double>&);

}  // namespace fovea
