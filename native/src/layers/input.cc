/// Input: one field of the record, normalised: dst = (field - mean) / std.
///   field [shape] float32 or uint8, C = its last size; uint8 is padded to a multiple of 4 bytes
///   dst [shape]
/// Attributes: shape; dtype = float32 (default) or uint8; mean, default 0, and std > 0, default 1:
/// one number, or one per channel, in the units of the field (0 to 255 for pixels in uint8).

#include <algorithm>

#include "layers/layer.h"
#include "layers/sources.h"

namespace fovea {
namespace {

/// Channels are repeated up to this often in the coefficients, so that loops over few are long.
constexpr int64_t kRepeats = 16;

/// One number for each of C channels. Throws Error when there are neither 1 nor C.
std::vector<double> PerChannel(const Attributes& attributes, std::string_view key, int channels) {
  std::vector<double> numbers = attributes.Numbers(key);
  const auto count = static_cast<size_t>(channels);
  if (numbers.size() == 1) numbers.resize(count, numbers[0]);
  if (numbers.size() != count) {
    throw Error("attribute '" + std::string(key) + "': expected 1 number, or " +
                std::to_string(channels) + ", one per channel. Received: " + attributes.Text(key) +
                ".");
  }
  return numbers;
}

template <typename T>
class Input final : public Layer<T> {
 public:
  explicit Input(const LayerContext<T>& context)
      : kernels_(context.kernels),
        shape_(context.attributes.PositiveInts("shape")),
        type_(context.attributes.OneOf("dtype", "float32 uint8")) {
    NoSources(context.src);
    CheckSize("a shape", shape_);
    const std::vector<double> mean = PerChannel(context.attributes, "mean", shape_.back());
    const std::vector<double> std = PerChannel(context.attributes, "std", shape_.back());
    if (*std::min_element(std.begin(), std.end()) <= 0) {
      throw Error("attribute 'std': expected numbers > 0. Received: " +
                  context.attributes.Text("std") + ".");
    }
    identity_ = std::all_of(mean.begin(), mean.end(), [](double m) { return m == 0; }) &&
                std::all_of(std.begin(), std.end(), [](double s) { return s == 1; });
    const int64_t repeats = std::min(kRepeats, Size(shape_) / shape_.back());
    for (int64_t repeat = 0; repeat < repeats; ++repeat) {
      for (size_t channel = 0; channel < mean.size(); ++channel) {
        mean_.push_back(static_cast<T>(mean[channel]));
        factor_.push_back(static_cast<T>(1 / std[channel]));
      }
    }
  }

  Shape OutputShape() const override { return shape_; }
  int64_t FieldBytes() const override {
    return type_ == "uint8" ? (Size(shape_) + 3) / 4 * 4 : Size(shape_) * int64_t{sizeof(float)};
  }
  std::string FieldType() const override { return type_; }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    const int64_t size = Size(shape_);
    for (int64_t row = 0; row < args.rows; ++row) {
      const std::byte* field = args.field + row * args.record_bytes;
      T* dst = args.dst + row * size;
      if (type_ == "uint8") {
        NormalizeBytes(reinterpret_cast<const uint8_t*>(field), dst);
      } else if (identity_) {
        std::copy_n(reinterpret_cast<const float*>(field), size, dst);
      } else {
        NormalizeFloats(reinterpret_cast<const float*>(field), dst);
      }
    }
  }

  void Backward(const BackwardArgs<T>&) const override {}

 private:
  void NormalizeBytes(const uint8_t* field, T* dst) const {
    const int64_t size = Size(shape_);
    const auto cols = static_cast<int64_t>(mean_.size());
    const int64_t whole = size / cols * cols;
    kernels_.normalize_u8(size / cols, cols, field, mean_.data(), factor_.data(), dst);
    kernels_.normalize_u8(1, size - whole, field + whole, mean_.data(), factor_.data(),
                          dst + whole);
  }

  void NormalizeFloats(const float* field, T* dst) const {
    const int64_t size = Size(shape_);
    const auto cols = static_cast<int64_t>(mean_.size());
    for (int64_t first = 0; first < size; first += cols) {
      const int64_t count = std::min(cols, size - first);
      for (int64_t c = 0; c < count; ++c) {
        dst[first + c] = (static_cast<T>(field[first + c]) - mean_[c]) * factor_[c];
      }
    }
  }

  const Kernels<T>& kernels_;
  Shape shape_;
  std::string type_;
  bool identity_;          ///< mean 0 and std 1 everywhere
  std::vector<T> mean_;    ///< [repeats, C]
  std::vector<T> factor_;  ///< [repeats, C]: 1 / std
};

}  // namespace

template <typename T>
LayerPtr<T> CreateInput(const LayerContext<T>& context) {
  return std::make_unique<Input<T>>(context);
}

template LayerPtr<float> CreateInput(const LayerContext<float>&);
template LayerPtr<double> CreateInput(const LayerContext<double>&);

}  // namespace fovea
