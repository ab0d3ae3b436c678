/// An Lstm layer for every target of this CPU: 28 inputs a time step, 128 units, the last state
/// read. `train` is forward and backward with the gradients of the weights, `forward` its first
/// half, `predict` a forward that keeps nothing. Prints GFLOP/s of the products alone and the share
/// of the FMA peak, so that all that is not a product counts as lost.

#include <benchmark/benchmark.h>

#include <string>

#include "layer_run.h"
#include "measure.h"

namespace fovea {
namespace {

constexpr int kInputs = 28, kUnits = 128, kRows = 32;

void Register(const Kernels<float>& kernels, int steps, const std::string& call) {
  const std::string name = "lstm/" + std::string(kernels.target) + "/t" + std::to_string(steps);
  benchmark::RegisterBenchmark((name + "/" + call).c_str(), [=, &kernels](benchmark::State& state) {
    LayerRun run("Lstm", {{"units", std::to_string(kUnits)}, {"sequence", "false"}},
                 {steps, kInputs}, kRows, kernels);
    // Of the products with the inputs, and with the state before, which the first time step lacks.
    const double input_flops = 2.0 * kRows * 4 * kUnits * steps * kInputs;
    const double state_flops = 2.0 * kRows * 4 * kUnits * (steps - 1) * kUnits;
    const double forward = input_flops + state_flops;
    if (call == "train") {
      Measure(state, kernels, 2 * forward + state_flops, [&] {
        run.Forward();
        run.BackwardWeights();
      });
    } else if (call == "forward") {
      Measure(state, kernels, forward, [&] { run.Forward(); });
    } else {
      Measure(state, kernels, forward, [&] { run.Predict(); });
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
