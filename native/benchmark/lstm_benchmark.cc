/// An Lstm layer for every target of this CPU: 28 inputs a time step, 128 units, the last state
/// read. `train` is forward and backward with the gradients of the weights, `forward` its first
/// half, `predict` a forward that keeps nothing. Prints GFLOP/s of the products alone and the share
/// of the FMA peak, so that all that is not a product counts as lost.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "layers/layer.h"
#include "measure.h"

namespace fovea {
namespace {

constexpr int kInputs = 28, kUnits = 128, kRows = 32;

/// The layer with its memory.
class LstmRun {
 public:
  LstmRun(const Kernels<float>& kernels, int steps) : steps_(steps) {
    const LayerType& type = *FindLayerType("Lstm");
    Attributes attributes(DeclaredAttributes(type));
    attributes.Set("units", std::to_string(kUnits));
    attributes.Set("sequence", "false");
    const Shape shape = {steps, kInputs};
    layer_ = CreateLayer<float>(type, {attributes, std::span(&shape, 1), kernels});
    int64_t weight_count = 0;
    for (const ParameterSpec& parameter : layer_->Parameters()) {
      weight_count += SliceSize(parameter);
    }
    weights_ = RandomFloats(weight_count);
    for (float& weight : weights_) weight *= 0.1f;
    diff_weights_.resize(weights_.size());
    src_ = RandomFloats(kRows * steps * kInputs);
    dst_.resize(kRows * kUnits);
    diff_dst_ = RandomFloats(kRows * kUnits);
    prepared_.resize(layer_->PreparedSize());
    workspace_.resize(layer_->WorkspaceBytes(kRows));
    scratch_.resize(layer_->ScratchBytes(kRows));
    layer_->Prepare(weights_.data(), prepared_.data());
  }

  void Forward(bool backward) {
    const float* src = src_.data();
    ForwardArgs<float> args;
    args.rows = kRows;
    args.training = args.backward = backward;
    args.src = std::span(&src, 1);
    args.weights = weights_.data();
    args.prepared = prepared_.data();
    args.dst = dst_.data();
    args.workspace = workspace_.data();
    args.scratch = scratch_.data();
    layer_->Forward(args);
  }

  void Backward() {
    const float* src = nullptr;
    float* diff_src = nullptr;
    BackwardArgs<float> args;
    args.rows = kRows;
    args.src = std::span(&src, 1);
    args.diff_dst = diff_dst_.data();
    args.weights = weights_.data();
    args.prepared = prepared_.data();
    args.workspace = workspace_.data();
    args.scratch = scratch_.data();
    args.diff_src = std::span(&diff_src, 1);
    args.diff_weights = diff_weights_.data();
    layer_->Backward(args);
  }

  /// Of the products with the inputs, and with the state before, which the first time step lacks.
  double InputFlops() const { return 2.0 * kRows * 4 * kUnits * steps_ * kInputs; }
  double StateFlops() const { return 2.0 * kRows * 4 * kUnits * (steps_ - 1) * kUnits; }

 private:
  int steps_;
  LayerPtr<float> layer_;
  std::vector<float> weights_, diff_weights_, src_, dst_, diff_dst_, prepared_;
  std::vector<std::byte> workspace_, scratch_;
};

void Register(const Kernels<float>& kernels, int steps, const std::string& call) {
  const std::string name = "lstm/" + std::string(kernels.target) + "/t" + std::to_string(steps);
  benchmark::RegisterBenchmark((name + "/" + call).c_str(), [=, &kernels](benchmark::State& state) {
    LstmRun run(kernels, steps);
    const double forward = run.InputFlops() + run.StateFlops();
    if (call == "train") {
      Measure(state, kernels, 2 * forward + run.StateFlops(), [&] {
        run.Forward(true);
        run.Backward();
      });
    } else {
      Measure(state, kernels, forward, [&] { run.Forward(call == "forward"); });
    }
  });
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const std::string_view target : AvailableTargets()) {
    for (const int steps : {28, 64}) {
      for (const char* call : {"train", "forward", "predict"}) {
        Register(KernelsFor<float>(target), steps, call);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace fovea
