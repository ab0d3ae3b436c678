#include "network/network.h"

#include <algorithm>
#include <stdexcept>

#include "network/initializers.h"

namespace fovea {
namespace {

template <typename T>
const Kernels<T>& FindKernels(std::string_view target) {
  try {
    return KernelsFor<T>(target);
  } catch (const std::invalid_argument& error) {
    throw Error(error.what());
  }
}

void CheckOptions(const PlanOptions& options) {
  if (options.max_rows < 1 || options.lanes < 1 || options.max_stretches < 1) {
    throw Error("Network: expected at least one row, one lane and one stretch. Received: " +
                std::to_string(options.max_rows) + " rows, " + std::to_string(options.lanes) +
                " lanes, " + std::to_string(options.max_stretches) + " stretches.");
  }
}

}  // namespace

template <typename T>
Network<T>::Network(std::string_view text, PlanOptions options, std::string_view target)
    : kernels_(FindKernels<T>(target)),
      options_((CheckOptions(options), std::move(options))),
      graph_(text, kernels_),
      bundles_(ChooseBundles(graph_, kernels_, options_.bundling, MostChunkRows(graph_, options_),
                             options_.mode != Mode::kTrain)),
      plan_(MakePlan(graph_, bundles_, options_)),
      derived_(graph_, bundles_, plan_, kernels_, options_.lanes),
      runner_(graph_, bundles_, plan_, derived_, kernels_, options_.lanes) {}

template <typename T>
int64_t Network<T>::OutputSize() const {
  int64_t size = 0;
  for (const int node : plan_.outputs) size += Size(graph_.nodes()[node].shape);
  return size;
}

template <typename T>
int64_t Network<T>::ArenaBytes() const {
  return plan_.memory.lane_bytes * options_.lanes + plan_.memory.step_bytes + derived_.bytes();
}

template <typename T>
void Network<T>::Initialize(uint64_t seed, std::span<T> weights) const {
  std::ranges::fill(weights, T(0));
  uint64_t index = 0;
  for (size_t i = 0; i < graph_.nodes().size(); ++i) {
    const Node<T>& node = graph_.nodes()[i];
    if (node.owner != static_cast<int>(i)) continue;
    int64_t at = node.weights_begin;
    for (const ParameterSpec& parameter : node.parameters) {
      InitializeParameter(parameter, node.initializer, seed, index++,
                          weights.subspan(at, Size(parameter.shape)));
      at += SliceSize(parameter);
    }
  }
}

template <typename T>
void Network<T>::Prepare(std::span<const T> weights) {
  for (int lane = 0; lane < options_.lanes; ++lane) Prepare(lane, weights);
}

template <typename T>
void Network<T>::Prepare(int lane, std::span<const T> weights) {
  derived_.Update(lane, weights.data());
}

template <typename T>
void Network<T>::CheckMode(Mode mode, const char* call) const {
  if (options_.mode != mode) {
    throw std::logic_error(std::string(call) + ": the network was made for another mode");
  }
}

template <typename T>
void Network<T>::CheckCall(const StepPart& part, std::span<const std::byte> records,
                           std::span<const T> weights) const {
  const int64_t end = part.begin + part.rows;
  const bool exists = part.lane >= 0 && part.lane < options_.lanes && part.segment >= 0 &&
                      part.segment < static_cast<int>(plan_.segments.size()) && part.part >= 0 &&
                      part.begin >= 0 && part.rows > 0 && end <= options_.max_rows;
  const int64_t panels = exists ? plan_.segments[part.segment].panels : 0;
  const bool in_range = panels > 0 ? part.part < panels && part.begin == 0
                                   : part.part < plan_.max_chunks && part.rows <= plan_.chunk_rows;
  const bool sizes_fit = static_cast<int64_t>(records.size()) >= end * plan_.record.bytes &&
                         static_cast<int64_t>(weights.size()) >= weight_count();
  if (!exists || !in_range || !sizes_fit) {
    throw std::logic_error("Network: a part or a buffer out of range");
  }
}

template <typename T>
StepPart Network<T>::PartOf(int lane, int segment, int64_t part, int64_t rows,
                            RandomKey random) const {
  if (plan_.segments.at(segment).panels > 0) return {lane, segment, part, 0, rows, random};
  const int64_t begin = part * plan_.chunk_rows;
  return {lane, segment, part, begin, std::min(plan_.chunk_rows, rows - begin), random};
}

template <typename T>
RunningPart<T> Network<T>::Take(const StepPart& part, std::span<const std::byte> records,
                                std::span<const T> weights) const {
  const int64_t panels = plan_.segments[part.segment].panels;
  RunningPart<T> taken{part.lane,
                       part.segment,
                       panels > 0 ? 0 : part.part,
                       part.begin,
                       part.rows,
                       panels > 0 ? Panel{part.part, panels} : Panel{},
                       records.data() + part.begin * plan_.record.bytes,
                       weights.data(),
                       nullptr,
                       part.random,
                       options_.mode == Mode::kTrain};
  taken.random.first_row += part.begin;
  return taken;
}

template <typename T>
void Network<T>::AddGradient(const StepPart& part, std::span<const std::byte> records,
                             std::span<const T> weights, std::span<T> gradient, StepSums& sums) {
  CheckMode(Mode::kTrain, "AddGradient");
  CheckCall(part, records, weights);
  if (static_cast<int64_t>(gradient.size()) < GradientCount(part.lane, part.segment)) {
    throw std::logic_error("Network: a gradient that is too small");
  }
  RunningPart<T> running = Take(part, records, weights);
  running.gradient = gradient.data();
  RunForward(running, &sums);
  RunOperations(Operation::Kind::kBackward, running, &sums);
}

template <typename T>
int64_t Network<T>::GradientCount(int lane, int segment) const {
  const bool own = lane > 0 && plan_.segments.at(segment).panels == 0;
  return own ? plan_.lane_gradient.Count() : weight_count();
}

template <typename T>
void Network<T>::Evaluate(const StepPart& part, std::span<const std::byte> records,
                          std::span<const T> weights, StepSums& sums) {
  CheckMode(Mode::kEvaluate, "Evaluate");
  CheckCall(part, records, weights);
  RunForward(Take(part, records, weights), &sums);
}

template <typename T>
void Network<T>::Predict(int lane, int64_t rows, std::span<const std::byte> records,
                         std::span<const T> weights, std::span<T> outputs) {
  CheckMode(Mode::kPredict, "Predict");
  if (static_cast<int64_t>(outputs.size()) < rows * OutputSize()) {
    throw std::logic_error("Network: an output buffer that is too small");
  }
  const int segments = static_cast<int>(plan_.segments.size());
  for (int segment = 0; segment < segments; ++segment) {
    for (int64_t part = 0; part < plan_.Parts(plan_.segments[segment], rows); ++part) {
      const StepPart call = PartOf(lane, segment, part, rows);
      CheckCall(call, records, weights);
      const RunningPart<T> running = Take(call, records, weights);
      RunForward(running, nullptr);
      if (segment + 1 == segments) CopyOutputs(running, outputs);
    }
  }
}

/// The first segment reads the row weights.
template <typename T>
void Network<T>::RunForward(const RunningPart<T>& part, StepSums* sums) const {
  if (part.segment == 0 && sums != nullptr) runner_.ReadRowWeights(part, *sums);
  RunOperations(Operation::Kind::kForward, part, sums);
}

template <typename T>
void Network<T>::RunOperations(Operation::Kind kind, const RunningPart<T>& part,
                               StepSums* sums) const {
  for (const Operation& operation : plan_.segments[part.segment].operations) {
    if (operation.kind == kind) runner_.Run(operation, part, sums);
  }
}

template <typename T>
void Network<T>::CopyOutputs(const RunningPart<T>& part, std::span<T> outputs) const {
  const int64_t row_size = OutputSize();
  T* to = outputs.data() + part.begin * row_size;
  for (size_t i = 0; i < plan_.outputs.size(); ++i) {
    const int64_t size = Size(graph_.nodes()[plan_.outputs[i]].shape);
    const T* from = runner_.Buffer(part, plan_.output_buffers[i]);
    for (int64_t row = 0; row < part.rows; ++row) {
      std::copy_n(from + row * size, size, to + row * row_size);
    }
    to += size;
  }
}

template class Network<float>;
template class Network<double>;

}  // namespace fovea
