/// Concat: dst = the sources side by side along the last axis: the channels of an image.
///   src (two or more) [..., C1], [..., C2], ..., equal but for the last size
///   dst [..., C1 + C2 + ...]

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Concat final : public Layer<T> {
 public:
  explicit Concat(const LayerContext<T>& context) {
    SeveralSources(context.src);
    shape_ = context.src[0];
    positions_ = Size(shape_) / shape_.back();
    shape_.back() = 0;
    for (const Shape& shape : context.src) {
      if (!std::equal(shape.begin(), shape.end() - 1, shape_.begin(), shape_.end() - 1)) {
        throw Error("expected sources that differ in the last size only. Received: " +
                    ToString(context.src[0]) + " and " + ToString(shape) + ".");
      }
      channels_.push_back(shape.back());
      shape_.back() += shape.back();
      CheckSize("an output", shape_);
    }
  }

  Shape OutputShape() const override { return shape_; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    T* dst = args.dst;
    for (int64_t position = 0; position < args.rows * positions_; ++position) {
      for (size_t i = 0; i < channels_.size(); ++i) {
        dst = std::copy_n(args.src[i] + position * channels_[i], channels_[i], dst);
      }
    }
  }

  void Backward(const BackwardArgs<T>& args) const override {
    const T* diff_dst = args.diff_dst;
    for (int64_t position = 0; position < args.rows * positions_; ++position) {
      for (size_t i = 0; i < channels_.size(); ++i) {
        if (args.diff_src[i] != nullptr) {
          std::copy_n(diff_dst, channels_[i], args.diff_src[i] + position * channels_[i]);
        }
        diff_dst += channels_[i];
      }
    }
  }

  LayerPtr<T> Bundled(int64_t width) const override {
    auto bundled = std::make_unique<Concat<T>>(*this);
    bundled->shape_ = Interleaved(shape_, width);
    for (int64_t& channels : bundled->channels_) channels *= width;
    return bundled;
  }

 private:
  Shape shape_;
  int64_t positions_;              ///< of one row: the product of all sizes but the last
  std::vector<int64_t> channels_;  ///< the last size of each source
};

}  // namespace

template <typename T>
LayerPtr<T> CreateConcat(const LayerContext<T>& context) {
  return std::make_unique<Concat<T>>(context);
}

template LayerPtr<float> CreateConcat(const LayerContext<float>&);
template LayerPtr<double> CreateConcat(const LayerContext<double>&);

}  // namespace fovea
