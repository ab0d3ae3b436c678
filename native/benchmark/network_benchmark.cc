/// A network of few channels, LeNet-5, with and without bundles: a step of training without the
/// optimizer, and prediction, of 64 rows by one lane. Prints rows per second of CPU time.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "floats.h"
#include "measure.h"
#include "network/network.h"

namespace fovea {
namespace {

constexpr std::string_view kLeNet5 =
    "image  Input shape=28,28,1\n"
    "conv1  Conv2d filters=6 kernel=5 padding=same\n"
    "relu1  Relu\n"
    "pool1  MaxPool2d kernel=2 stride=2\n"
    "conv2  Conv2d filters=16 kernel=5 padding=valid\n"
    "relu2  Relu\n"
    "pool2  MaxPool2d kernel=2 stride=2\n"
    "flat   Flatten\n"
    "fc1    Dense units=120\n"
    "relu3  Relu\n"
    "fc2    Dense units=84\n"
    "relu4  Relu\n"
    "logits Dense units=10\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

constexpr int64_t kRows = 64;

PlanOptions Options(Mode mode, Bundling bundling) {
  PlanOptions options;
  options.mode = mode;
  if (mode == Mode::kPredict) options.outputs = {"logits"};
  options.max_rows = kRows;
  options.bundling = bundling;
  return options;
}

/// Pixels are random; labels and row weights are 0.
std::vector<std::byte> Records(const Network<float>& network) {
  const int64_t floats = network.record_bytes() / 4;
  const Floats pixels(28 * 28);
  std::vector<float> records(static_cast<size_t>(kRows * floats));
  for (int64_t row = 0; row < kRows; ++row) {
    std::copy_n(pixels.data(), 28 * 28, records.begin() + row * floats);
  }
  const auto bytes = std::as_bytes(std::span(records));
  return {bytes.begin(), bytes.end()};
}

template <typename Call>
void MeasureRows(benchmark::State& state, Call call) {
  double best = 1e9;
  for (auto _ : state) {
    const double start = CpuSeconds();
    call();
    best = std::min(best, CpuSeconds() - start);
  }
  state.counters["rows/s"] = benchmark::Counter(static_cast<double>(kRows * state.iterations()),
                                                benchmark::Counter::kIsRate);
  state.counters["best:rows/s"] = static_cast<double>(kRows) / best;
}

void Train(benchmark::State& state, Bundling bundling) {
  Network<float> network(kLeNet5, Options(Mode::kTrain, bundling));
  const std::vector<std::byte> records = Records(network);
  std::vector<float> weights(static_cast<size_t>(network.weight_count())), gradient = weights;
  network.Initialize(1, weights);
  MeasureRows(state, [&] {
    network.Prepare(weights);
    StepSums sums;
    for (int64_t part = 0; part * network.plan().chunk_rows < kRows; ++part) {
      network.AddGradient(network.PartOf(0, 0, part, kRows), records, weights, gradient, sums);
    }
  });
}

void Predict(benchmark::State& state, Bundling bundling) {
  Network<float> network(kLeNet5, Options(Mode::kPredict, bundling));
  const std::vector<std::byte> records = Records(network);
  std::vector<float> weights(static_cast<size_t>(network.weight_count()));
  network.Initialize(1, weights);
  network.Prepare(weights);
  std::vector<float> outputs(static_cast<size_t>(kRows * network.OutputSize()));
  MeasureRows(state, [&] { network.Predict(0, kRows, records, weights, outputs); });
}

BENCHMARK_CAPTURE(Train, lenet5_bundles, Bundling::kWhereFaster);
BENCHMARK_CAPTURE(Train, lenet5_plain, Bundling::kNever);
BENCHMARK_CAPTURE(Predict, lenet5_bundles, Bundling::kWhereFaster);
BENCHMARK_CAPTURE(Predict, lenet5_plain, Bundling::kNever);

}  // namespace
}  // namespace fovea
