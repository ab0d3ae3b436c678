/// A Conv2d layer of 3 x 3 taps, Winograd's way, over maps that tiles of 4 x 4 fit and do not fit:
/// the derivation of its weights and the three products of a training step. Prints GFLOP/s, and the
/// share of the FMA peak, of the operations that the definition counts; so more than 100 % is
/// possible. `prepare` counts its results.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "layers/layer.h"
#include "measure.h"

namespace fovea {
namespace {

struct Maps {
  int size, channels, filters;
};
constexpr Maps kMaps[] = {{16, 128, 128}, {14, 256, 256}, {13, 256, 384},
                          {10, 128, 128}, {7, 512, 512},  {2, 512, 512}};
constexpr int64_t kAllRows[] = {8, 32};

/// The layer with its memory.
class ConvRun {
 public:
  ConvRun(const Kernels<float>& kernels, const Maps& maps, int64_t rows) : rows_(rows) {
    const LayerType& type = *FindLayerType("Conv2d");
    Attributes attributes(DeclaredAttributes(type));
    attributes.Set("filters", std::to_string(maps.filters));
    attributes.Set("kernel", "3");
    attributes.Set("convolution", "winograd");
    const Shape shape = {maps.size, maps.size, maps.channels};
    layer_ = CreateLayer<float>(type, {attributes, std::span(&shape, 1), kernels});
    int64_t count = 0;
    for (const ParameterSpec& parameter : layer_->Parameters()) count += SliceSize(parameter);
    weights_ = RandomFloats(count);
    diff_weights_.resize(count);
    src_ = RandomFloats(rows * Size(shape));
    diff_src_.resize(src_.size());
    dst_.resize(rows * Size(layer_->OutputShape()));
    diff_dst_ = RandomFloats(rows * Size(layer_->OutputShape()));
    prepared_.resize(layer_->PreparedSize());
    scratch_.resize(layer_->ScratchBytes(rows));
    Prepare();
  }

  int64_t prepared_size() const { return layer_->PreparedSize(); }

  void Prepare() { layer_->Prepare(weights_.data(), prepared_.data()); }

  void Forward() {
    const float* src = src_.data();
    ForwardArgs<float> args;
    args.rows = rows_;
    args.training = args.backward = true;
    args.src = std::span(&src, 1);
    args.weights = weights_.data();
    args.prepared = prepared_.data();
    args.dst = dst_.data();
    args.scratch = scratch_.data();
    layer_->Forward(args);
  }

  void Backward(float* diff_src, float* diff_weights) {
    const float* src = src_.data();
    BackwardArgs<float> args;
    args.rows = rows_;
    args.src = std::span(&src, 1);
    args.diff_dst = diff_dst_.data();
    args.weights = weights_.data();
    args.prepared = prepared_.data();
    args.scratch = scratch_.data();
    args.diff_src = std::span(&diff_src, 1);
    args.diff_weights = diff_weights;
    layer_->Backward(args);
  }
  void BackwardSrc() { Backward(diff_src_.data(), nullptr); }
  void BackwardWeights() { Backward(nullptr, diff_weights_.data()); }

 private:
  LayerPtr<float> layer_;
  int64_t rows_;
  std::vector<float> weights_, diff_weights_, src_, diff_src_, dst_, diff_dst_, prepared_;
  std::vector<std::byte> scratch_;
};

struct Part {
  const char* name;
  void (ConvRun::*run)();
};
constexpr Part kParts[] = {{"forward", &ConvRun::Forward},
                           {"data", &ConvRun::BackwardSrc},
                           {"weights", &ConvRun::BackwardWeights}};

[[maybe_unused]] const bool kRegistered = [] {
  for (const std::string_view target : AvailableTargets()) {
    if (target == "reference") continue;
    const Kernels<float>& kernels = KernelsFor<float>(target);
    for (const Maps& maps : kMaps) {
      const std::string name = "conv/" + std::string(target) + "/" + std::to_string(maps.channels) +
                               "-" + std::to_string(maps.filters) + "@" +
                               std::to_string(maps.size) + "/";
      benchmark::RegisterBenchmark((name + "prepare").c_str(), [&](benchmark::State& state) {
        ConvRun run(kernels, maps, 1);
        Measure(state, kernels, static_cast<double>(run.prepared_size()), [&] { run.Prepare(); });
      });
      for (const int64_t rows : kAllRows) {
        for (const Part& part : kParts) {
          benchmark::RegisterBenchmark(
              (name + part.name + "/" + std::to_string(rows)).c_str(),
              [&, rows](benchmark::State& state) {
                ConvRun run(kernels, maps, rows);
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
