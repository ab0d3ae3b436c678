/// Dropout (inverted): in training an element is 0 with probability `rate`, else src / (1 - rate);
/// otherwise dst = src.
///   src, dst: one shape, any.
/// Attributes: rate, 0 <= rate < 1, default 0.5.
///
/// Draws are a pure function of seed, step, layer, row of the step and element, so they do not
/// depend on chunks, lanes or replicas. Workspace: one byte per element, 1 where kept.
///
/// Source: Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from
/// Overfitting.

#include <algorithm>
#include <cmath>

#include "layers/layer.h"
#include "layers/random.h"
#include "layers/sources.h"

namespace fovea {
namespace {

template <typename T>
class Dropout final : public Layer<T> {
 public:
  explicit Dropout(const LayerContext<T>& context)
      : shape_(OnlySource(context.src)), size_(Size(shape_)) {
    const double rate = context.attributes.NumberIn("rate", 0, 1);
    kept_ = static_cast<T>(1 / (1 - rate));
    threshold_ = static_cast<uint64_t>(std::llround(rate * 0x1p32));
  }

  Shape OutputShape() const override { return shape_; }
  int64_t WorkspaceBytes(int64_t rows) const override { return rows * size_; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    if (!args.training) {
      std::copy_n(args.src[0], args.rows * size_, args.dst);
      return;
    }
    auto* mask = reinterpret_cast<uint8_t*>(args.workspace);
    for (int64_t row = 0; row < args.rows; ++row) {
      Draw(args.random, args.random.first_row + row, mask + row * size_);
    }
    Apply(args.rows * size_, mask, args.src[0], args.dst);
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] == nullptr) return;
    const int64_t count = args.rows * size_;
    if (args.training) {
      Apply(count, reinterpret_cast<const uint8_t*>(args.workspace), args.diff_dst,
            args.diff_src[0]);
    } else {
      std::copy_n(args.diff_dst, count, args.diff_src[0]);
    }
  }

 private:
  /// The mask of one row. One draw serves four elements; the low 32 bits of row, step and layer
  /// count.
  void Draw(const RandomKey& random, int64_t row, uint8_t* mask) const {
    const PhiloxKey key = {static_cast<uint32_t>(random.seed),
                           static_cast<uint32_t>(random.seed >> 32)};
    PhiloxCounter counter = {0, static_cast<uint32_t>(row), static_cast<uint32_t>(random.step),
                             static_cast<uint32_t>(random.layer)};
    for (int64_t first = 0; first < size_; first += 4, ++counter[0]) {
      const PhiloxCounter words = Philox4x32(counter, key);
      const int64_t count = std::min<int64_t>(4, size_ - first);
      for (int64_t i = 0; i < count; ++i) mask[first + i] = words[i] >= threshold_ ? 1 : 0;
    }
  }

  void Apply(int64_t count, const uint8_t* mask, const T* src, T* dst) const {
    for (int64_t i = 0; i < count; ++i) dst[i] = mask[i] != 0 ? src[i] * kept_ : T(0);
  }

  Shape shape_;
  int64_t size_;
  T kept_;              ///< factor of an element that is kept
  uint64_t threshold_;  ///< rate * 2^32: random words below it drop
};

}  // namespace

template <typename T>
LayerPtr<T> CreateDropout(const LayerContext<T>& context) {
  return std::make_unique<Dropout<T>>(context);
}

template LayerPtr<float> CreateDropout(const LayerContext<float>&);
template LayerPtr<double> CreateDropout(const LayerContext<double>&);

}  // namespace fovea
