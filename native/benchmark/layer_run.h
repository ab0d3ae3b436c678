#pragma once

#include <string>
#include <utility>
#include <vector>

#include "floats.h"
#include "layers/layer.h"

namespace fovea {

/// One layer of one source with its memory, prepared: what a network does for it.
class LayerRun {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;

  LayerRun(const std::string& type, const Settings& settings, const Shape& src, int64_t rows,
           const Kernels<float>& kernels)
      : layer_(Make(type, settings, src, kernels)),
        rows_(rows),
        weights_(WeightCount()),
        diff_weights_(WeightCount()),
        prepared_(layer_->PreparedSize()),
        src_(rows * Size(src)),
        diff_src_(rows * Size(src)),
        dst_(rows * Size(layer_->OutputShape())),
        diff_dst_(rows * Size(layer_->OutputShape())),
        workspace_(layer_->WorkspaceBytes(rows) / 4 + 1),
        scratch_(layer_->ScratchBytes(rows) / 4 + 1) {
    Prepare();
  }

  int64_t prepared_size() const { return layer_->PreparedSize(); }

  void Prepare() { layer_->Prepare(weights_.data(), prepared_.data()); }

  /// In training, and where Backward does not follow.
  void Forward() { Forward(true); }
  void Predict() { Forward(false); }

  /// After Forward: one of its two halves.
  void BackwardSrc() { Backward(diff_src_.data(), nullptr); }
  void BackwardWeights() { Backward(nullptr, diff_weights_.data()); }

 private:
  static LayerPtr<float> Make(const std::string& name, const Settings& settings, const Shape& src,
                              const Kernels<float>& kernels) {
    const LayerType& type = *FindLayerType(name);
    Attributes attributes(DeclaredAttributes(type));
    for (const auto& [attribute, value] : settings) attributes.Set(attribute, value);
    attributes.CheckComplete();
    return CreateLayer<float>(type, {attributes, std::span(&src, 1), kernels});
  }

  int64_t WeightCount() const {
    int64_t count = 0;
    for (const ParameterSpec& parameter : layer_->Parameters()) count += SliceSize(parameter);
    return count;
  }

  void Forward(bool training) {
    const float* src = src_.data();
    ForwardArgs<float> args;
    args.rows = rows_;
    args.training = args.backward = training;
    args.src = std::span(&src, 1);
    args.weights = weights_.data();
    args.prepared = prepared_.data();
    args.dst = dst_.data();
    args.workspace = reinterpret_cast<std::byte*>(workspace_.data());
    args.scratch = reinterpret_cast<std::byte*>(scratch_.data());
    layer_->Forward(args);
  }

  void Backward(float* diff_src, float* diff_weights) {
    const float* src = src_.data();
    BackwardArgs<float> args;
    args.rows = rows_;
    args.src = std::span(&src, 1);
    args.dst = dst_.data();
    args.diff_dst = diff_dst_.data();
    args.weights = weights_.data();
    args.prepared = prepared_.data();
    args.workspace = reinterpret_cast<std::byte*>(workspace_.data());
    args.scratch = reinterpret_cast<std::byte*>(scratch_.data());
    args.diff_src = std::span(&diff_src, 1);
    args.diff_weights = diff_weights;
    layer_->Backward(args);
  }

  LayerPtr<float> layer_;
  int64_t rows_;
  Floats weights_, diff_weights_, prepared_, src_, diff_src_, dst_, diff_dst_;
  Floats workspace_, scratch_;  ///< bytes of them
};

}  // namespace fovea
