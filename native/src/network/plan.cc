#include "network/plan.h"

#include <algorithm>

namespace fovea {
namespace {

/// Activations of a chunk should stay in the share of the last-level cache that a core has, and a
/// chunk should be large enough to use each weight many times.
constexpr int64_t kChunkBytes = 5 * 1024 * 1024;
constexpr int64_t kMaxChunkRows = 64;
/// Kernels may read one vector past the end of a buffer, never write there.
constexpr int64_t kSlackBytes = 64;

/// Builds the plan of a graph for one number of rows a chunk.
template <typename T>
class Planner {
 public:
  Planner(const Graph<T>& graph, const PlanOptions& options, int64_t rows)
      : graph_(graph), nodes_(graph.nodes()), options_(options), rows_(rows) {}

  Plan Make() {
    plan_.chunk_rows = rows_;
    ChooseNodes();
    ChooseFields();
    ChooseTensors();
    AddForward();
    if (options_.mode == Mode::kTrain) AddBackward();
    FinishSegments();
    plan_.memory = PlaceBuffers(lifetimes_);
    return std::move(plan_);
  }

 private:
  size_t Count() const { return nodes_.size(); }

  void ChooseNodes() {
    needed_.assign(Count(), false);
    if (options_.mode == Mode::kPredict) {
      for (const std::string& name : options_.outputs) {
        const int node = graph_.Find(name);
        if (node < 0) {
          throw Error("Output '" + name + "': expected the name of a layer. Received: '" + name +
                      "'.");
        }
        plan_.outputs.push_back(node);
        needed_[node] = true;
      }
      if (plan_.outputs.empty()) {
        throw Error("Outputs: expected at least one name of a layer. Received: none.");
      }
    } else {
      for (size_t i = 0; i < Count(); ++i) needed_[i] = nodes_[i].layer->LossWeight().has_value();
      if (std::ranges::find(needed_, true) == needed_.end()) {
        throw Error(
            "Network: expected at least one loss layer. Received: none. Add a line such as "
            "'loss SoftmaxCrossEntropy from=logits,label'.");
      }
    }
    for (size_t i = Count(); i-- > 0;) {
      if (!needed_[i]) continue;
      for (const int source : nodes_[i].sources) needed_[source] = true;
    }
    backward_.assign(Count(), false);
    if (options_.mode != Mode::kTrain) return;
    for (size_t i = 0; i < Count(); ++i) {
      if (!needed_[i]) continue;
      backward_[i] = nodes_[i].HasParameters() && !nodes_[i].frozen;
      for (const int source : nodes_[i].sources) {
        if (backward_[source]) backward_[i] = true;
      }
    }
  }

  void ChooseFields() {
    for (size_t i = 0; i < Count(); ++i) {
      if (!needed_[i] || nodes_[i].line.type->kind != LayerKind::kField) continue;
      const int64_t bytes = nodes_[i].layer->FieldBytes();
      plan_.fields.push_back({static_cast<int>(i), plan_.record_bytes, bytes});
      plan_.record_bytes += bytes;
    }
    if (options_.mode == Mode::kPredict) return;
    plan_.weight_offset = plan_.record_bytes;
    plan_.record_bytes += static_cast<int64_t>(sizeof(float));
  }

  /// Nodes that share a tensor need no operation of their own: a view and its source, and what is
  /// fused into the operation before it: an affine layer, an Add, a Relu.
  void ChooseTensors() {
    CountConsumers();
    tensor_.assign(Count(), -1);
    relu_.assign(Count(), false);
    add_.assign(Count(), -1);
    alias_.assign(Count(), false);
    open_.assign(Count(), false);
    plan_.folded.assign(Count(), -1);
    for (size_t i = 0; i < Count(); ++i) {
      if (!needed_[i]) continue;
      const int node = static_cast<int>(i);
      if (FoldAffine(node) || FuseAdd(node) || FuseRelu(node)) continue;
      alias_[i] = nodes_[i].layer->IsView();
      open_[i] = !alias_[i];
      tensor_[i] = alias_[i] ? tensor_[nodes_[i].sources[0]] : node;
    }
  }

  void CountConsumers() {
    consumers_.assign(Count(), 0);
    for (size_t i = 0; i < Count(); ++i) {
      if (!needed_[i]) continue;
      for (const int source : nodes_[i].sources) ++consumers_[source];
    }
    for (const int output : plan_.outputs) ++consumers_[output];
  }

  /// True where nobody else reads `source` and the operation that makes it can do more to it.
  bool MayContinue(int source) const { return consumers_[source] == 1 && open_[source]; }

  void Alias(int node, int tensor, bool open) {
    tensor_[node] = tensor;
    alias_[node] = true;
    open_[node] = open;
  }

  /// At inference an affine layer goes into the weights of the layer before it, if they can take
  /// it.
  bool FoldAffine(int node) {
    if (options_.mode == Mode::kTrain || !nodes_[node].layer->IsAffine()) return false;
    const int source = nodes_[node].sources[0];
    if (!MayContinue(source) || alias_[source] || !nodes_[source].layer->CanFoldAffine()) {
      return false;
    }
    plan_.folded[source] = node;
    Alias(node, source, true);
    return true;
  }

  /// An Add of two joins the operation of the later one, if that can add: the other is there then.
  bool FuseAdd(int node) {
    const std::vector<int>& sources = nodes_[node].sources;
    if (nodes_[node].line.type->name != "Add" || sources.size() != 2) return false;
    const bool second = tensor_[sources[1]] > tensor_[sources[0]];
    const int source = sources[second ? 1 : 0];
    const int other = sources[second ? 0 : 1];
    const int tensor = tensor_[source];
    if (!MayContinue(source) || add_[tensor] >= 0 || tensor == tensor_[other] ||
        !nodes_[tensor].layer->CanFuseAdd()) {
      return false;
    }
    add_[tensor] = tensor_[other];
    if (backward_[node]) backward_[tensor] = true;
    Alias(node, tensor, true);
    return true;
  }

  bool FuseRelu(int node) {
    if (nodes_[node].line.type->name != "Relu") return false;
    const int source = nodes_[node].sources[0];
    const int tensor = tensor_[source];
    if (!MayContinue(source) || !nodes_[tensor].layer->CanFuseRelu()) return false;
    relu_[tensor] = true;
    Alias(node, tensor, false);
    return true;
  }

  /// True where a Relu is fused into the tensor of `source` and the layer that reads it, nobody
  /// else does, undoes it on its way back.
  bool UndoesSrcRelu(int node) const {
    const std::vector<int>& sources = nodes_[node].sources;
    return sources.size() == 1 && consumers_[sources[0]] == 1 && relu_[tensor_[sources[0]]] &&
           nodes_[sources[0]].line.type->name == "Relu" && nodes_[node].layer->UndoesSrcRelu();
  }

  int NewBuffer(int64_t bytes) {
    lifetimes_.push_back({bytes + kSlackBytes, time_, time_});
    return static_cast<int>(lifetimes_.size()) - 1;
  }

  int Use(int buffer) {
    if (buffer >= 0) lifetimes_[buffer].last = std::max(lifetimes_[buffer].last, time_);
    return buffer;
  }

  int64_t TensorBytes(int node) const {
    return Size(nodes_[node].shape) * rows_ * static_cast<int64_t>(sizeof(T));
  }

  void AddForward() {
    values_.assign(Count(), -1);
    workspaces_.assign(Count(), -1);
    plan_.segments.emplace_back();
    if (plan_.weight_offset >= 0) plan_.row_weights = NewBuffer(rows_ * int64_t{sizeof(float)});
    for (size_t i = 0; i < Count(); ++i) {
      if (!needed_[i] || alias_[i]) continue;
      const Node<T>& node = nodes_[i];
      Operation operation;
      operation.node = static_cast<int>(i);
      operation.relu = relu_[i];
      for (const int source : node.sources) operation.src.push_back(Use(values_[tensor_[source]]));
      if (add_[i] >= 0) operation.add = Use(values_[add_[i]]);
      operation.dst = values_[i] = NewBuffer(TensorBytes(operation.node));
      const int64_t workspace = node.layer->WorkspaceBytes(rows_);
      if (workspace > 0) operation.workspace = workspaces_[i] = NewBuffer(workspace);
      const int64_t scratch = node.layer->ScratchBytes(rows_);
      if (scratch > 0) operation.scratch = NewBuffer(scratch);
      Use(plan_.row_weights);
      plan_.segments.back().operations.push_back(std::move(operation));
      ++time_;
    }
    for (const int output : plan_.outputs) {
      plan_.output_buffers.push_back(Use(values_[tensor_[output]]));
    }
  }

  void AddBackward() {
    diffs_.assign(Count(), -1);
    undone_.assign(Count(), false);
    int64_t end = graph_.weight_count();  // where the open bucket ends
    for (size_t i = Count(); i-- > 0;) {
      if (backward_[i] && !alias_[i]) AddBackwardOf(static_cast<int>(i));
      const Node<T>& node = nodes_[i];
      const bool owns = node.HasParameters() && node.owner == static_cast<int>(i);
      const int64_t bytes = (end - node.weights_begin) * static_cast<int64_t>(sizeof(T));
      if (owns && node.weights_begin > 0 && bytes >= options_.bucket_bytes) {
        CloseBucket(node.weights_begin, end);
        end = node.weights_begin;
        plan_.segments.emplace_back();
      }
    }
    CloseBucket(0, end);
  }

  void CloseBucket(int64_t begin, int64_t end) {
    plan_.segments.back().bucket_begin = begin;
    plan_.segments.back().bucket_count = end - begin;
  }

  void AddBackwardOf(int i) {
    const Node<T>& node = nodes_[i];
    const auto reads = node.layer->BackwardReads();
    Operation operation;
    operation.kind = Operation::Kind::kBackward;
    operation.node = i;
    operation.src_relu = UndoesSrcRelu(i);
    if (operation.src_relu) undone_[tensor_[node.sources[0]]] = true;
    operation.relu = relu_[i] && !undone_[i];
    for (const int source : node.sources) {
      operation.src.push_back(reads.src ? Use(values_[tensor_[source]]) : -1);
    }
    if (reads.dst || operation.relu || operation.src_relu) operation.dst = Use(values_[i]);
    operation.workspace = Use(workspaces_[i]);
    const int64_t scratch = node.layer->ScratchBytes(rows_);
    if (scratch > 0) operation.scratch = NewBuffer(scratch);
    if (node.layer->LossWeight()) {
      diffs_[i] = NewBuffer(TensorBytes(i));
      Use(plan_.row_weights);
    }
    operation.diff_dst = Use(diffs_[i]);
    bool passes = node.layer->PassesGradient();
    for (const int source : node.sources) {
      const int tensor = tensor_[source];
      const bool wanted = backward_[tensor];
      const bool first = diffs_[tensor] < 0;
      const bool passed = wanted && first && passes;
      if (passed) passes = false;  // one owner: later operations write to it
      const int buffer = wanted && !passed ? NewBuffer(TensorBytes(tensor)) : -1;
      operation.diff_src.push_back(buffer);
      operation.add_to.push_back(wanted && !first ? Use(diffs_[tensor]) : -1);
      if (wanted && first) diffs_[tensor] = passed ? operation.diff_dst : buffer;
    }
    if (add_[i] >= 0) PassToAdded(&operation, add_[i]);
    Use(plan_.row_weights);
    plan_.segments.back().operations.push_back(std::move(operation));
    ++time_;
  }

  /// The gradient of what is added is diff_dst, behind the relu. Nobody else needs it afterwards.
  void PassToAdded(Operation* operation, int tensor) {
    operation->add = operation->diff_dst;
    if (!backward_[tensor]) return;
    const bool first = diffs_[tensor] < 0;
    operation->add_to.push_back(first ? -1 : Use(diffs_[tensor]));
    if (first) diffs_[tensor] = operation->diff_dst;
  }

  /// A tensor that an earlier segment leaves for a later one stays where it is: lifetimes already
  /// say so, since time runs through all segments.
  void FinishSegments() {
    if (plan_.segments.back().operations.empty() && plan_.segments.size() > 1) {
      Segment last = std::move(plan_.segments.back());
      plan_.segments.pop_back();
      plan_.segments.back().bucket_begin = last.bucket_begin;
      plan_.segments.back().bucket_count += last.bucket_count;
    }
  }

  const Graph<T>& graph_;
  const std::vector<Node<T>>& nodes_;
  const PlanOptions& options_;
  int64_t rows_;
  Plan plan_;
  std::vector<bool> needed_, backward_;
  std::vector<int> consumers_;   ///< node -> how many read its result
  std::vector<int> tensor_;      ///< node -> the node whose buffer holds its result
  std::vector<bool> alias_;      ///< node -> it is another's tensor and needs no operation
  std::vector<bool> open_;       ///< node -> the operation of its tensor can do more behind it
  std::vector<bool> relu_;       ///< tensor -> its operation ends with a relu
  std::vector<bool> undone_;     ///< tensor -> its relu is undone by the one who reads it
  std::vector<int> add_;         ///< tensor -> the tensor that its operation adds, or -1
  std::vector<int> values_;      ///< node -> buffer of its result
  std::vector<int> workspaces_;  ///< node -> buffer
  std::vector<int> diffs_;       ///< node -> buffer of d(loss)/d(result)
  std::vector<Lifetime> lifetimes_;
  int time_ = 0;  ///< index of the operation being planned
};

/// Rows that must share a chunk because batch norm is there; 0 where the choice is free.
template <typename T>
int64_t NormalizationRows(const Graph<T>& graph) {
  int64_t rows = 0;
  for (const Node<T>& node : graph.nodes()) {
    const int64_t wanted = node.layer->NormalizationRows();
    if (wanted == 0) continue;
    if (rows != 0 && wanted != rows) {
      throw Error(node.line.Where() + "attribute 'normalizationRows': expected " +
                  std::to_string(rows) +
                  ", as in the layers before it. Received: " + std::to_string(wanted) + ".");
    }
    rows = wanted;
  }
  return rows;
}

}  // namespace

template <typename T>
Plan MakePlan(const Graph<T>& graph, const PlanOptions& options) {
  const int64_t group = options.mode == Mode::kTrain ? NormalizationRows(graph) : 0;
  if (group > 0) return Planner<T>(graph, options, group).Make();
  const int64_t share = (options.max_rows + options.lanes - 1) / options.lanes;
  int64_t rows = std::min(kMaxChunkRows, std::max<int64_t>(share, 1));
  Plan plan = Planner<T>(graph, options, rows).Make();
  while (rows > 1 && plan.memory.bytes > kChunkBytes) {
    rows = (rows + 1) / 2;
    plan = Planner<T>(graph, options, rows).Make();
  }
  return plan;
}

template Plan MakePlan(const Graph<float>&, const PlanOptions&);
template Plan MakePlan(const Graph<double>&, const PlanOptions&);

}  // namespace fovea
