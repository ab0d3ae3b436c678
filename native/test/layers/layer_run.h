#pragma once

#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// Attributes as the network would read them from one line: `kernel=3 stride=2`.
Attributes ParseAttributes(const std::string& declared, const std::string& text);

template <typename T>
LayerPtr<T> MakeLayer(const std::string& type, const std::string& text,
                      const std::vector<Shape>& src, std::string_view target = "reference");

/// The message of the Error that `call` throws.
template <typename Call>
std::string ErrorOf(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string ErrorOfLayer(const std::string& type, const std::string& text,
                         const std::vector<Shape>& src);

/// Numbers that repeat on every machine. All are exact in float.
class Draws {
 public:
  explicit Draws(uint64_t seed) : generator_(seed) {}

  double Uniform(double low, double high) {
    const double unit = static_cast<double>(generator_() >> 11) * 0x1p-53;
    return static_cast<float>(low + (high - low) * unit);
  }
  /// From 0 to count - 1.
  size_t Index(size_t count) { return generator_() % count; }
  /// An attribute: a whole number from `least` to `most`, both included.
  std::string Number(size_t least, size_t most) {
    return std::to_string(least + Index(most - least + 1));
  }
  /// Two of them: `height,width`.
  std::string Pair(size_t least, size_t most) {
    const std::string height = Number(least, most);
    return height + "," + Number(least, most);
  }

 private:
  std::mt19937_64 generator_;
};

/// One layer with its own memory: what a network does for it. Memory that a call must not read is
/// filled with NaN before the call, and pointers that a layer did not ask for are null.
template <typename T>
class LayerRun {
 public:
  LayerRun(const std::string& type, const std::string& text, const std::vector<Shape>& src_shapes,
           int64_t row_count, std::string_view target = "reference")
      : layer(MakeLayer<T>(type, text, src_shapes, target)), rows(row_count) {
    for (const Shape& shape : src_shapes) src.emplace_back(rows * Size(shape));
    diff_src = src;
    wants_diff_src.resize(src.size(), true);
    int64_t count = 0;
    for (const ParameterSpec& parameter : layer->Parameters()) count += SliceSize(parameter);
    weights.resize(count);
    diff_weights.resize(count);
    dst.resize(rows * Size(layer->OutputShape()));
    diff_dst.resize(dst.size());
  }

  /// Where parameter `index` starts in `weights`.
  int64_t Start(size_t index) const {
    const std::vector<ParameterSpec> parameters = layer->Parameters();
    int64_t start = 0;
    for (size_t i = 0; i < index; ++i) start += SliceSize(parameters[i]);
    return start;
  }

  ForwardArgs<T> Args() {
    ForwardArgs<T> args;
    src_pointers_.clear();
    for (const std::vector<T>& source : src) src_pointers_.push_back(source.data());
    args.rows = rows;
    args.training = training;
    args.backward = backward;
    args.src = src_pointers_;
    args.weights = weights.data();
    args.prepared = prepared_.data();
    args.dst = dst.data();
    args.workspace = workspace_.data();
    args.scratch = scratch_.data();
    args.row_weights = row_weights.empty() ? nullptr : row_weights.data();
    args.add = added.empty() ? nullptr : added.data();
    args.relu = relu;
    args.random = random;
    args.field = field.data();
    args.record_bytes = record_bytes;
    return args;
  }

  void Forward() {
    Poison(&prepared_, layer->PreparedSize());
    Poison(&workspace_,
           backward ? layer->WorkspaceBytes(rows) : layer->ForwardWorkspaceBytes(rows));
    Poison(&scratch_, layer->ScratchBytes(rows));
    Poison(&dst, static_cast<int64_t>(dst.size()));
    layer->Prepare(weights.data(), prepared_.data());
    layer->Forward(Args());
  }

  /// After Forward. Adds to diff_weights. A relu that the layer does not undo is the caller's.
  void Backward() {
    const auto reads = layer->BackwardReads();
    const bool undoes_relu = relu && layer->UndoesRelu();
    std::vector<const T*> src_pointers;
    std::vector<T*> diff_src_pointers;
    for (size_t i = 0; i < src.size(); ++i) {
      Poison(&diff_src[i], static_cast<int64_t>(diff_src[i].size()));
      src_pointers.push_back(reads.src ? src[i].data() : nullptr);
      T* to = in_place && i == 0 ? diff_dst.data() : diff_src[i].data();
      diff_src_pointers.push_back(wants_diff_src[i] ? to : nullptr);
    }
    Poison(&scratch_, layer->ScratchBytes(rows));
    BackwardArgs<T> args;
    args.rows = rows;
    args.training = training;
    args.src = src_pointers;
    args.dst = reads.dst || undoes_relu || src_relu ? dst.data() : nullptr;
    args.add = !added.empty();
    args.relu = undoes_relu;
    args.src_relu = src_relu;
    args.diff_dst = diff_dst.data();
    args.weights = weights.data();
    args.prepared = prepared_.data();
    args.workspace = workspace_.data();
    args.scratch = scratch_.data();
    args.row_weights = row_weights.empty() ? nullptr : row_weights.data();
    args.diff_src = diff_src_pointers;
    args.diff_weights = wants_diff_weights ? diff_weights.data() : nullptr;
    layer->Backward(args);
  }

  LayerPtr<T> layer;
  int64_t rows;
  std::vector<std::vector<T>> src, diff_src;
  std::vector<T> weights, diff_weights, dst, diff_dst;
  bool training = true;
  bool backward = true;  ///< false: Backward will not be called
  bool relu = false;
  bool src_relu = false;
  bool in_place = false;  ///< Backward writes diff_src[0] to diff_dst
  std::vector<T> added;   ///< empty: null
  std::vector<bool> wants_diff_src;
  bool wants_diff_weights = true;
  std::vector<float> row_weights;  ///< empty: null
  RandomKey random;
  std::vector<std::byte> field;
  int64_t record_bytes = 0;

 private:
  template <typename Element>
  static void Poison(std::vector<Element>* memory, int64_t count) {
    memory->resize(count);
    if (count > 0) std::memset(memory->data(), 0xFF, count * sizeof(Element));
  }

  std::vector<T> prepared_;
  std::vector<std::byte> workspace_, scratch_;
  std::vector<const T*> src_pointers_;
};

extern template class LayerRun<double>;
extern template class LayerRun<float>;

}  // namespace fovea
