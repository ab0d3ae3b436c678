#include "network/network.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "network/initializers.h"

namespace fovea {
namespace {

constexpr int kMaxSources = 64;

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

template <typename T>
std::vector<std::unique_ptr<FoldedLayer<T>>> MakeFolded(const Graph<T>& graph, const Plan& plan,
                                                        const Kernels<T>& kernels) {
  std::vector<std::unique_ptr<FoldedLayer<T>>> folded(graph.nodes().size());
  for (size_t i = 0; i < folded.size(); ++i) {
    if (plan.folded[i] < 0) continue;
    folded[i] =
        std::make_unique<FoldedLayer<T>>(graph, static_cast<int>(i), plan.folded[i], kernels);
  }
  return folded;
}

/// Where each node's derived weights begin, each on a 64-byte boundary; one entry more for the end.
/// By panels there are none.
template <typename T>
std::vector<int64_t> PlacePrepared(const Graph<T>& graph, const Bundles<T>& bundles,
                                   const Plan& plan,
                                   const std::vector<std::unique_ptr<FoldedLayer<T>>>& folded) {
  std::vector<int64_t> begin = {0};
  for (size_t i = 0; i < folded.size(); ++i) {
    const Layer<T>& layer =
        folded[i] ? folded[i]->layer() : bundles.LayerOf(graph, static_cast<int>(i));
    const int64_t size = plan.panels[i] ? 0 : layer.PreparedSize();
    begin.push_back(begin.back() + (size + 15) / 16 * 16);
  }
  return begin;
}

/// Which lane prepares each node: the largest first, each to the lane that has least.
std::vector<int> SharePrepare(const std::vector<int64_t>& begin, int lanes) {
  std::vector<int> order(begin.size() - 1);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(),
                           [&](int node) { return begin[node + 1] - begin[node]; });
  std::vector<int64_t> load(lanes, 0);
  std::vector<int> lane_of(order.size());
  for (const int node : order) {
    const auto least = std::ranges::min_element(load);
    lane_of[node] = static_cast<int>(least - load.begin());
    *least += begin[node + 1] - begin[node];
  }
  return lane_of;
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
      folded_(MakeFolded(graph_, plan_, kernels_)),
      prepared_begin_(PlacePrepared(graph_, bundles_, plan_, folded_)),
      prepared_(prepared_begin_.back() * int64_t{sizeof(T)}),
      prepare_lane_(SharePrepare(prepared_begin_, options_.lanes)),
      step_arena_(plan_.memory.step_bytes) {
  for (int i = 0; i < options_.lanes; ++i) lane_arenas_.emplace_back(plan_.memory.lane_bytes);
  for (size_t i = 0; i < graph_.nodes().size(); ++i) {
    if (graph_.nodes()[i].layer->LossWeight()) correct_from_ = static_cast<int>(i);
    if (graph_.nodes()[i].sources.size() > kMaxSources) {
      throw Error(graph_.nodes()[i].line.Where() + "expected at most " +
                  std::to_string(kMaxSources) +
                  " sources. Received: " + std::to_string(graph_.nodes()[i].sources.size()) + ".");
    }
  }
}

template <typename T>
int64_t Network<T>::OutputSize() const {
  int64_t size = 0;
  for (const int node : plan_.outputs) size += Size(graph_.nodes()[node].shape);
  return size;
}

template <typename T>
int64_t Network<T>::ArenaBytes() const {
  int64_t folded = 0;
  for (const auto& layer : folded_) folded += layer ? layer->bytes() : 0;
  return plan_.memory.lane_bytes * options_.lanes + plan_.memory.step_bytes +
         prepared_begin_.back() * int64_t{sizeof(T)} + folded;
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
  for (int i = 0; i < static_cast<int>(graph_.nodes().size()); ++i) {
    if (prepare_lane_[i] != lane) continue;
    if (folded_[i]) folded_[i]->Update(weights.data());
    if (prepared_begin_[i] == prepared_begin_[i + 1]) continue;
    LayerOf(i).Prepare(WeightsOf(i, weights.data()), PreparedOf(i));
  }
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
  const bool sizes_fit = static_cast<int64_t>(records.size()) >= end * plan_.record_bytes &&
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
typename Network<T>::Chunk Network<T>::Take(const StepPart& part,
                                            std::span<const std::byte> records,
                                            std::span<const T> weights) const {
  const int64_t panels = plan_.segments[part.segment].panels;
  Chunk taken{part.lane,
              panels > 0 ? 0 : part.part,
              part.begin,
              part.rows,
              panels > 0 ? Panel{part.part, panels} : Panel{},
              records.data() + part.begin * plan_.record_bytes,
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
  Chunk chunk = Take(part, records, weights);
  chunk.gradient = gradient.data();
  RunForward(part, chunk, &sums);
  for (const Operation& operation : plan_.segments[part.segment].operations) {
    if (operation.kind != Operation::Kind::kBackward) continue;
    operation.move == Operation::Move::kNone ? Backward(operation, chunk) : Move(operation, chunk);
  }
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
  RunForward(part, Take(part, records, weights), &sums);
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
      const Chunk chunk = Take(call, records, weights);
      RunForward(call, chunk, nullptr);
      if (segment + 1 == segments) CopyOutputs(chunk, outputs);
    }
  }
}

/// The forward operations of a part's segment; the first segment reads the row weights.
template <typename T>
void Network<T>::RunForward(const StepPart& part, const Chunk& chunk, StepSums* sums) const {
  if (part.segment == 0 && sums != nullptr) ReadRowWeights(chunk, *sums);
  for (const Operation& operation : plan_.segments[part.segment].operations) {
    if (operation.kind != Operation::Kind::kForward) continue;
    operation.move == Operation::Move::kNone ? Forward(operation, chunk, sums)
                                             : Move(operation, chunk);
  }
}

template <typename T>
void Network<T>::CopyOutputs(const Chunk& chunk, std::span<T> outputs) const {
  const int64_t row_size = OutputSize();
  T* to = outputs.data() + chunk.begin * row_size;
  for (size_t i = 0; i < plan_.outputs.size(); ++i) {
    const int64_t size = Size(graph_.nodes()[plan_.outputs[i]].shape);
    const T* from = Buffer(chunk, plan_.output_buffers[i]);
    for (int64_t row = 0; row < chunk.rows; ++row) {
      std::copy_n(from + row * size, size, to + row * row_size);
    }
    to += size;
  }
}

template <typename T>
void Network<T>::ReadRowWeights(const Chunk& chunk, StepSums& sums) const {
  auto* row_weights = reinterpret_cast<float*>(Bytes(chunk, plan_.row_weights));
  for (int64_t row = 0; row < chunk.rows; ++row) {
    std::memcpy(row_weights + row, chunk.records + row * plan_.record_bytes + plan_.weight_offset,
                sizeof(float));
    sums.weight += static_cast<double>(row_weights[row]);
  }
}

template <typename T>
void Network<T>::Move(const Operation& operation, const Chunk& chunk) const {
  const bool bundled = operation.move == Operation::Move::kInterleave;
  const auto move = bundled ? kernels_.interleave : kernels_.deinterleave;
  const int64_t size = Size(graph_.nodes()[operation.node].shape);
  const T* src = Buffer(chunk, operation.src[0]);
  T* dst = Buffer(chunk, operation.dst);
  for (int64_t row = 0; row < chunk.rows; row += bundles_.width) {
    move(std::min(bundles_.width, chunk.rows - row), size, src + row * size, dst + row * size);
  }
  if (operation.add_to[0] < 0) return;
  kernels_.accumulate(size * bundles_.Held(bundled, chunk.rows), dst,
                      Buffer(chunk, operation.add_to[0]));
}

template <typename T>
void Network<T>::Forward(const Operation& operation, const Chunk& chunk, StepSums* sums) const {
  const Node<T>& node = graph_.nodes()[operation.node];
  std::array<const T*, kMaxSources> src;
  for (size_t i = 0; i < operation.src.size(); ++i) src[i] = Buffer(chunk, operation.src[i]);

  ForwardArgs<T> args;
  args.rows = bundles_.Units(operation.node, chunk.rows);
  args.training = chunk.training && !node.frozen;
  args.backward = chunk.training;
  args.src = {src.data(), operation.src.size()};
  args.weights = WeightsOf(operation.node, chunk.weights);
  args.prepared = PreparedOf(operation.node);
  args.dst = Buffer(chunk, operation.dst);
  args.add = Buffer(chunk, operation.add);
  args.workspace = Bytes(chunk, operation.workspace);
  args.scratch = Bytes(chunk, operation.scratch);
  args.row_weights = RowWeights(chunk);
  args.relu = operation.relu;
  args.panel = chunk.panel;
  args.random = chunk.random;
  args.random.layer = static_cast<uint64_t>(operation.node);
  if (node.line.type->kind == LayerKind::kField) {
    const auto field = std::ranges::find(plan_.fields, operation.node, &Field::node);
    args.field = chunk.records + field->offset;
    args.record_bytes = plan_.record_bytes;
  }
  try {
    LayerOf(operation.node).Forward(args);
  } catch (const Error& error) {
    throw Error(node.line.Where() + error.what());
  }
  const auto loss_weight = node.layer->LossWeight();
  if (sums == nullptr || !loss_weight) return;
  double loss = 0;
  for (int64_t row = 0; row < chunk.rows; ++row) {
    loss += static_cast<double>(args.row_weights[row]) * static_cast<double>(args.dst[row]);
  }
  sums->loss += *loss_weight * loss;
  if (operation.node == correct_from_) sums->correct += node.layer->CountCorrect(args);
}

template <typename T>
void Network<T>::Backward(const Operation& operation, const Chunk& chunk) const {
  const Node<T>& node = graph_.nodes()[operation.node];
  std::array<const T*, kMaxSources> src;
  std::array<T*, kMaxSources> diff_src;
  for (size_t i = 0; i < operation.src.size(); ++i) {
    src[i] = Buffer(chunk, operation.src[i]);
    diff_src[i] = Buffer(chunk, operation.diff_src[i]);
  }
  T* diff_dst = Buffer(chunk, operation.diff_dst);
  const float* row_weights = RowWeights(chunk);
  if (const auto loss_weight = node.layer->LossWeight()) {
    for (int64_t row = 0; row < chunk.rows; ++row) {
      diff_dst[row] = static_cast<T>(*loss_weight * static_cast<double>(row_weights[row]));
    }
  }
  const T* dst = Buffer(chunk, operation.dst);
  const bool by_panel = chunk.panel.count > 0;  // lanes share diff_dst: the layer undoes the relu
  const Layer<T>& layer = LayerOf(operation.node);
  const bool undoes_relu = by_panel || layer.UndoesRelu();
  const int64_t held = bundles_.Held(bundles_.Has(operation.node), chunk.rows);
  if (operation.relu && !undoes_relu) {
    kernels_.relu_backward(Size(node.shape) * held, dst, diff_dst, diff_dst);
  }

  BackwardArgs<T> args;
  args.rows = bundles_.Units(operation.node, chunk.rows);
  args.training = !node.frozen;
  args.src = {src.data(), operation.src.size()};
  args.dst = dst;
  args.diff_dst = diff_dst;
  args.add = operation.add >= 0;
  args.relu = operation.relu && undoes_relu;
  args.src_relu = operation.src_relu;
  args.panel = chunk.panel;
  args.weights = WeightsOf(operation.node, chunk.weights);
  args.prepared = PreparedOf(operation.node);
  args.workspace = Bytes(chunk, operation.workspace);
  args.scratch = Bytes(chunk, operation.scratch);
  args.row_weights = row_weights;
  args.diff_src = {diff_src.data(), operation.src.size()};
  args.diff_weights =
      node.HasParameters() && !node.frozen ? Gradient(chunk, operation.node) : nullptr;
  layer.Backward(args);

  for (size_t i = 0; i < operation.add_to.size(); ++i) {
    if (operation.add_to[i] >= 0) AddTo(operation, chunk, i);
  }
}

/// Where the gradient of a node's weights goes.
template <typename T>
T* Network<T>::Gradient(const Chunk& chunk, int node) const {
  const bool own = chunk.lane > 0 && chunk.panel.count == 0;
  return chunk.gradient +
         (own ? plan_.lane_gradient.begin[node] : graph_.nodes()[node].weights_begin);
}

/// Adds what the part has written of diff_src, or of diff_dst as the gradient of what was added, to
/// the sum of its consumers.
template <typename T>
void Network<T>::AddTo(const Operation& operation, const Chunk& chunk, size_t source) const {
  const Node<T>& node = graph_.nodes()[operation.node];
  const bool added = source == node.sources.size();
  const int64_t size = Size(added ? node.shape : graph_.nodes()[node.sources[source]].shape);
  const T* from = Buffer(chunk, added ? operation.diff_dst : operation.diff_src[source]);
  T* to = Buffer(chunk, operation.add_to[source]);
  const int64_t held = bundles_.Held(bundles_.Has(operation.node), chunk.rows);
  if (chunk.panel.count == 0) return kernels_.accumulate(size * held, from, to);
  const auto [begin, end] = RangeOf(chunk.panel, size);
  for (int64_t row = 0; row < chunk.rows; ++row) {
    kernels_.accumulate(end - begin, from + row * size + begin, to + row * size + begin);
  }
}

template class Network<float>;
template class Network<double>;

}  // namespace fovea
