/// A Conv2d layer of 3 x 3 taps, Winograd's way, over maps that tiles of 4 x 4 fit and do not fit:
/// the derivation of its weights and the three products of a training step. Prints GFLOP/s, and the
/// share of the FMA peak, of the operations that the definition counts; so more than 100 % is
/// possible. `prepare` counts its results.

#include <benchmark/benchmark.h>

#include <string>

#include "layer_run.h"
#include "measure.h"

namespace fovea {
namespace {

struct Maps {
  int size, channels, filters;
};
constexpr Maps kMaps[] = {{16, 128, 128}, {14, 256, 256}, {13, 256, 384},
                          {10, 128, 128}, {7, 512, 512},  {2, 512, 512}};
constexpr int64_t kAllRows[] = {8, 32};

LayerRun MakeRun(const Kernels<float>& kernels, const Maps& maps, int64_t rows) {
  return LayerRun(
      "Conv2d",
      {{"filters", std::to_string(maps.filters)}, {"kernel", "3"}, {"convolution", "winograd"}},
      {maps.size, maps.size, maps.channels}, rows, kernels);
}

struct Part {
  const char* name;
  void (LayerRun::*run)();
};
constexpr Part kParts[] = {{"forward", &LayerRun::Forward},
                           {"data", &LayerRun::BackwardSrc},
                           {"weights", &LayerRun::BackwardWeights}};

[[maybe_unused]] const bool kRegistered = [] {
  for (const std::string_view target : AvailableTargets()) {
    if (target == "reference") continue;
    const Kernels<float>& kernels = KernelsFor<float>(target);
    for (const Maps& maps : kMaps) {
      const std::string name = "conv/" + std::string(target) + "/" + std::to_string(maps.channels) +
                               "-" + std::to_string(maps.filters) + "@" +
                               std::to_string(maps.size) + "/";
      benchmark::RegisterBenchmark((name + "prepare").c_str(), [&](benchmark::State& state) {
        LayerRun run = MakeRun(kernels, maps, 1);
        Measure(state, kernels, static_cast<double>(run.prepared_size()), [&] { run.Prepare(); });
      });
      for (const int64_t rows : kAllRows) {
        for (const Part& part : kParts) {
          benchmark::RegisterBenchmark(
              (name + part.name + "/" + std::to_string(rows)).c_str(),
              [&, rows](benchmark::State& state) {
                LayerRun run = MakeRun(kernels, maps, rows);
                const double flops = 18.0 * static_cast<double>(rows * maps.size * maps.size) *
                                     maps.channels * maps.filters;
                Measure(state, kernels, flops, [&] { (run.*part.run)(); });
              });
        }
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace fovea
