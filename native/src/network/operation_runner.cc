#include "network/operation_runner.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace fovea {
namespace {

constexpr int kMaxSources = 64;

}  // namespace

template <typename T>
OperationRunner<T>::OperationRunner(const Graph<T>& graph, const Bundles<T>& bundles,
                                    const Plan& plan, const DerivedWeights<T>& derived,
                                    const Kernels<T>& kernels, int lanes)
    : graph_(graph),
      bundles_(bundles),
      plan_(plan),
      derived_(derived),
      kernels_(kernels),
      step_arena_(plan.memory.step_bytes) {
  for (int i = 0; i < lanes; ++i) lane_arenas_.emplace_back(plan.memory.lane_bytes);
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node<T>& node = graph.nodes()[i];
    if (node.layer->LossWeight()) correct_from_ = static_cast<int>(i);
    if (node.sources.size() > kMaxSources) {
      throw Error(node.line.Where() + "expected at most " + std::to_string(kMaxSources) +
                  " sources. Received: " + std::to_string(node.sources.size()) + ".");
    }
  }
}

template <typename T>
void OperationRunner<T>::ReadRowWeights(const RunningPart<T>& part, StepSums& sums) const {
  auto* row_weights = reinterpret_cast<float*>(Bytes(part, plan_.row_weights));
  for (int64_t row = 0; row < part.rows; ++row) {
    std::memcpy(row_weights + row,
                part.records + row * plan_.record.bytes + plan_.record.weight_offset,
                sizeof(float));
    sums.weight += static_cast<double>(row_weights[row]);
  }
}

template <typename T>
void OperationRunner<T>::Run(const Operation& operation, const RunningPart<T>& part,
                             StepSums* sums) const {
  if (operation.move != Operation::Move::kNone) {
    Move(operation, part);
  } else if (operation.kind == Operation::Kind::kForward) {
    Forward(operation, part, sums);
  } else {
    Backward(operation, part);
  }
}

template <typename T>
void OperationRunner<T>::Move(const Operation& operation, const RunningPart<T>& part) const {
  const bool bundled = operation.move == Operation::Move::kInterleave;
  const auto move = bundled ? kernels_.interleave : kernels_.deinterleave;
  const int64_t size = Size(graph_.nodes()[operation.node].shape);
  const T* src = Buffer(part, operation.src[0]);
  T* dst = Buffer(part, operation.dst);
  for (int64_t row = 0; row < part.rows; row += bundles_.width) {
    move(std::min(bundles_.width, part.rows - row), size, src + row * size, dst + row * size);
  }
  if (operation.add_to[0] < 0) return;
  kernels_.accumulate(size * bundles_.Held(bundled, part.rows), dst,
                      Buffer(part, operation.add_to[0]));
}

template <typename T>
void OperationRunner<T>::Forward(const Operation& operation, const RunningPart<T>& part,
                                 StepSums* sums) const {
  const Node<T>& node = graph_.nodes()[operation.node];
  std::array<const T*, kMaxSources> src;
  for (size_t i = 0; i < operation.src.size(); ++i) src[i] = Buffer(part, operation.src[i]);

  ForwardArgs<T> args;
  args.rows = bundles_.Units(operation.node, part.rows);
  args.training = part.training && !node.frozen;
  args.backward = part.training;
  args.src = {src.data(), operation.src.size()};
  args.weights = derived_.WeightsOf(operation.node, part.weights);
  args.prepared = derived_.PreparedOf(operation.node);
  args.dst = Buffer(part, operation.dst);
  args.add = Buffer(part, operation.add);
  args.workspace = Bytes(part, operation.workspace);
  args.scratch = Bytes(part, operation.scratch);
  args.row_weights = RowWeights(part);
  args.relu = operation.relu;
  args.panel = part.panel;
  args.random = part.random;
  args.random.layer = static_cast<uint64_t>(operation.node);
  if (node.line.type->kind == LayerKind::kField) {
    const auto field = std::ranges::find(plan_.record.fields, operation.node, &Field::node);
    args.field = part.records + field->offset;
    args.record_bytes = plan_.record.bytes;
  }
  try {
    derived_.LayerOf(operation.node).Forward(args);
  } catch (const Error& error) {
    throw Error(node.line.Where() + error.what());
  }
  const auto loss_weight = node.layer->LossWeight();
  if (sums == nullptr || !loss_weight) return;
  double loss = 0;
  for (int64_t row = 0; row < part.rows; ++row) {
    loss += static_cast<double>(args.row_weights[row]) * static_cast<double>(args.dst[row]);
  }
  sums->loss += *loss_weight * loss;
  if (operation.node == correct_from_) sums->correct += node.layer->CountCorrect(args);
}

template <typename T>
void OperationRunner<T>::Backward(const Operation& operation, const RunningPart<T>& part) const {
  const Node<T>& node = graph_.nodes()[operation.node];
  std::array<const T*, kMaxSources> src;
  std::array<T*, kMaxSources> diff_src;
  for (size_t i = 0; i < operation.src.size(); ++i) {
    src[i] = Buffer(part, operation.src[i]);
    diff_src[i] = Buffer(part, operation.diff_src[i]);
  }
  T* diff_dst = Buffer(part, operation.diff_dst);
  const float* row_weights = RowWeights(part);
  if (const auto loss_weight = node.layer->LossWeight()) {
    for (int64_t row = 0; row < part.rows; ++row) {
      diff_dst[row] = static_cast<T>(*loss_weight * static_cast<double>(row_weights[row]));
    }
  }
  const T* dst = Buffer(part, operation.dst);
  const bool by_panel = part.panel.count > 0;  // lanes share diff_dst: the layer undoes the relu
  const Layer<T>& layer = derived_.LayerOf(operation.node);
  const bool undoes_relu = by_panel || layer.UndoesRelu();
  const int64_t held = bundles_.Held(bundles_.Has(operation.node), part.rows);
  if (operation.relu && !undoes_relu) {
    kernels_.relu_backward(Size(node.shape) * held, dst, diff_dst, diff_dst);
  }

  BackwardArgs<T> args;
  args.rows = bundles_.Units(operation.node, part.rows);
  args.training = !node.frozen;
  args.src = {src.data(), operation.src.size()};
  args.dst = dst;
  args.diff_dst = diff_dst;
  args.add = operation.add >= 0;
  args.relu = operation.relu && undoes_relu;
  args.src_relu = operation.src_relu;
  args.panel = part.panel;
  args.weights = derived_.WeightsOf(operation.node, part.weights);
  args.prepared = derived_.PreparedOf(operation.node);
  args.workspace = Bytes(part, operation.workspace);
  args.scratch = Bytes(part, operation.scratch);
  args.row_weights = row_weights;
  args.diff_src = {diff_src.data(), operation.src.size()};
  args.diff_weights =
      node.HasParameters() && !node.frozen ? Gradient(part, operation.node) : nullptr;
  layer.Backward(args);

  for (size_t i = 0; i < operation.add_to.size(); ++i) {
    if (operation.add_to[i] >= 0) AddTo(operation, part, i);
  }
}

/// Adds what the part has written of diff_src, or of diff_dst as the gradient of what was added, to
/// the sum of its consumers.
template <typename T>
void OperationRunner<T>::AddTo(const Operation& operation, const RunningPart<T>& part,
                               size_t source) const {
  const Node<T>& node = graph_.nodes()[operation.node];
  const bool added = source == node.sources.size();
  const int64_t size = Size(added ? node.shape : graph_.nodes()[node.sources[source]].shape);
  const T* from = Buffer(part, added ? operation.diff_dst : operation.diff_src[source]);
  T* to = Buffer(part, operation.add_to[source]);
  const int64_t held = bundles_.Held(bundles_.Has(operation.node), part.rows);
  if (part.panel.count == 0) return kernels_.accumulate(size * held, from, to);
  const auto [begin, end] = RangeOf(part.panel, size);
  for (int64_t row = 0; row < part.rows; ++row) {
    kernels_.accumulate(end - begin, from + row * size + begin, to + row * size + begin);
  }
}

/// Where the gradient of a node's weights goes.
template <typename T>
T* OperationRunner<T>::Gradient(const RunningPart<T>& part, int node) const {
  const bool own = part.lane > 0 && part.panel.count == 0;
  return part.gradient +
         (own ? plan_.lane_gradient.begin[node] : graph_.nodes()[node].weights_begin);
}

template <typename T>
std::byte* OperationRunner<T>::Bytes(const RunningPart<T>& part, int buffer) const {
  if (buffer < 0) return nullptr;
  const Place& place = plan_.memory.places[buffer];
  const Arena& arena = place.OfStep() ? step_arena_ : lane_arenas_[part.lane];
  const int64_t rows_before =
      place.row_bytes > 0 ? part.begin * place.row_bytes : part.chunk * place.slot_bytes;
  return arena.at(place.offset + rows_before);
}

/// Null in a panel segment: row weights lie chunk by chunk.
template <typename T>
const float* OperationRunner<T>::RowWeights(const RunningPart<T>& part) const {
  const bool by_panel = part.panel.count > 0;
  return by_panel ? nullptr : reinterpret_cast<const float*>(Bytes(part, plan_.row_weights));
}

template class OperationRunner<float>;
template class OperationRunner<double>;

}  // namespace fovea
