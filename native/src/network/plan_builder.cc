#include "network/plan_builder.h"

#include "network/panels.h"

namespace fovea {

template <typename T>
PlanBuilder<T>::PlanBuilder(const PlanChoices<T>& choices, int64_t rows)
    : choices_(choices), rows_(rows) {
  if (choices.options.mode == Mode::kPredict) return;
  row_weights_ = NewBuffer(rows * int64_t{sizeof(float)});
}

template <typename T>
int PlanBuilder<T>::NewBuffer(int64_t bytes) {
  constexpr int64_t kLine = 64;
  const int64_t slot = (bytes + kSlackBytes + kLine - 1) / kLine * kLine;
  buffers_.push_back({{slot, time_, time_}, 0, slot});
  return static_cast<int>(buffers_.size()) - 1;
}

template <typename T>
int PlanBuilder<T>::NewTensor(int node, bool bundled) {
  const int64_t row_bytes =
      Size(choices_.graph.nodes()[node].shape) * static_cast<int64_t>(sizeof(T));
  const int buffer = NewBuffer(row_bytes * choices_.bundles.Held(bundled, rows_));
  if (!bundled) buffers_[buffer].row_bytes = row_bytes;
  return buffer;
}

template <typename T>
int PlanBuilder<T>::Use(int buffer) {
  if (buffer >= 0) buffers_[buffer].lifetime.last = time_;
  return buffer;
}

template <typename T>
void PlanBuilder<T>::Push(Operation operation) {
  const Node<T>& node = choices_.graph.nodes()[operation.node];
  const bool moves = operation.move != Operation::Move::kNone;
  const bool panels = choices_.panels[operation.node] && !moves;
  OpenSegment(panels ? PanelCount(node, choices_.options.lanes) : 0);
  const int64_t units = choices_.bundles.Units(operation.node, rows_);
  const int64_t scratch = moves    ? 0
                          : panels ? node.layer->PanelScratchBytes(choices_.options.max_rows)
                                   : choices_.LayerOf(operation.node).ScratchBytes(units);
  if (scratch > 0) operation.scratch = NewBuffer(scratch);
  if (panels) UseByPanels(operation);
  Use(row_weights_);
  segments_.back().operations.push_back(std::move(operation));
  ++time_;
}

template <typename T>
int PlanBuilder<T>::PushMove(Operation::Kind kind, int node, int src, bool bundled, int add_to) {
  Operation operation;
  operation.kind = kind;
  operation.move = bundled ? Operation::Move::kInterleave : Operation::Move::kDeinterleave;
  operation.node = node;
  operation.src = {Use(src)};
  const int dst = operation.dst = NewTensor(node, bundled);
  operation.add_to = {Use(add_to)};
  Push(std::move(operation));
  return dst;
}

template <typename T>
void PlanBuilder<T>::OpenSegment(int64_t panels) {
  const bool fits = !segments_.empty() && !segments_.back().ends_bucket && panels == 0 &&
                    segments_.back().panels == 0;
  if (!fits) NewSegment(panels);
}

template <typename T>
void PlanBuilder<T>::EndBucket(int64_t begin, int64_t end) {
  if (segments_.back().ends_bucket) NewSegment(0);
  Segment& segment = segments_.back();
  segment.ends_bucket = true;
  segment.bucket_begin = begin;
  segment.bucket_count = end - begin;
}

template <typename T>
void PlanBuilder<T>::EndLastBucket(int64_t end) {
  Segment& last = segments_.back();
  if (!last.ends_bucket) return EndBucket(0, end);
  last.bucket_begin = 0;  // what is left needs no operation
  last.bucket_count += end;
}

template <typename T>
void PlanBuilder<T>::NewSegment(int64_t panels) {
  segments_.emplace_back();
  segments_.back().panels = panels;
  segment_begin_.push_back(time_);
}

/// A panel operation meets all rows of its tensors.
template <typename T>
void PlanBuilder<T>::UseByPanels(const Operation& operation) {
  std::vector<int> tensors = {operation.dst, operation.diff_dst};
  for (const auto& more : {operation.src, operation.diff_src, operation.add_to}) {
    tensors.insert(tensors.end(), more.begin(), more.end());
  }
  for (const int buffer : tensors) {
    if (buffer >= 0) buffers_[buffer].of_step = true;
  }
}

template class PlanBuilder<float>;
template class PlanBuilder<double>;

}  // namespace fovea
