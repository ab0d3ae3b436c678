#include "network/plan.h"

#include <algorithm>
#include <array>

#include "network/fusion.h"

namespace fovea {
namespace {

/// What a chunk needs, see ChunkBytes, should stay in the share of the last-level cache that a core
/// has, and a chunk should be large enough to use each weight many times.
constexpr int64_t kChunkBytes = 12 * 1024 * 1024;
constexpr int64_t kMaxChunkRows = 64;

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

/// Builds the plan of a graph for one number of rows a chunk.
template <typename T>
class Planner {
 public:
  Planner(const Graph<T>& graph, const Bundles<T>& bundles, const PlanOptions& options,
          int64_t rows)
      : graph_(graph), nodes_(graph.nodes()), bundles_(bundles), options_(options), rows_(rows) {}

  Plan Make() {
    plan_.chunk_rows = rows_;
    ChooseNodes();
    ChooseFields();
    ChooseTensors();
    FindPanels();
    AddForward();
    if (options_.mode == Mode::kTrain) AddBackward();
    // Each stretch but one may end in a chunk that is not full; nobody but batch norm minds them.
    const int64_t stretches = NormalizationRows(graph_) > 0 ? options_.max_stretches : 1;
    plan_.max_chunks = (options_.max_rows + rows_ - 1) / rows_ + stretches - 1;
    plan_.memory = PlaceInArenas(buffers_, segment_begin_, {options_.max_rows, plan_.max_chunks});
    return std::move(plan_);
  }

 private:
  size_t Count() const { return nodes_.size(); }
  const Layer<T>& LayerOf(int node) const { return bundles_.LayerOf(graph_, node); }

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

  void ChooseTensors() {
    fusion_ = Fuse(graph_, bundles_, needed_, plan_.outputs, options_.mode != Mode::kTrain);
    plan_.folded = fusion_.folded;
    for (size_t i = 0; i < Count(); ++i) {
      const int tensor = fusion_.tensor[i];  // what is added reaches further back than the layer
      if (tensor >= 0 && backward_[i] && fusion_.add[tensor] >= 0) backward_[tensor] = true;
    }
  }

  void FindPanels() {
    plan_.panels = ChoosePanels(graph_, needed_, options_);
    if (options_.mode != Mode::kTrain) return;
    plan_.lane_gradient = PlaceLaneGradient(graph_, needed_, plan_.panels);
  }

  int NewBuffer(int64_t bytes) {
    constexpr int64_t kLine = 64;
    const int64_t slot = (bytes + kSlackBytes + kLine - 1) / kLine * kLine;
    buffers_.push_back({{slot, time_, time_}, 0, slot});
    return static_cast<int>(buffers_.size()) - 1;
  }

  /// For the result of a node: in bundles, slot after slot, or plain, row after row.
  int NewTensor(int node, bool bundled) {
    const int64_t row_bytes = Size(nodes_[node].shape) * static_cast<int64_t>(sizeof(T));
    const int buffer = NewBuffer(row_bytes * bundles_.Held(bundled, rows_));
    if (!bundled) buffers_[buffer].row_bytes = row_bytes;
    return buffer;
  }

  int Use(int buffer) {
    if (buffer >= 0) buffers_[buffer].lifetime.last = time_;
    return buffer;
  }

  /// Adds the move of a tensor of `node` from `src` into bundles or out of them, to a new buffer,
  /// which is then added to the buffer `add_to` if that is not -1. Returns the new buffer.
  int AddMove(Operation::Kind kind, int node, int src, bool bundled, int add_to) {
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

  /// The result of a node, in bundles or plain; moved there if it is not yet.
  int Value(int node, bool bundled) {
    const int tensor = fusion_.tensor[node];
    int& value = values_[bundled][tensor];
    if (value < 0) {
      value = AddMove(Operation::Kind::kForward, tensor, values_[!bundled][tensor], bundled, -1);
    }
    return Use(value);
  }

  int64_t WorkspaceBytes(int node) const {
    if (plan_.panels[node]) return 0;
    const Layer<T>& layer = LayerOf(node);
    const int64_t units = bundles_.Units(node, rows_);
    return options_.mode == Mode::kTrain ? layer.WorkspaceBytes(units)
                                         : layer.ForwardWorkspaceBytes(units);
  }

  void AddForward() {
    values_.fill(std::vector<int>(Count(), -1));
    workspaces_.assign(Count(), -1);
    if (plan_.weight_offset >= 0) plan_.row_weights = NewBuffer(rows_ * int64_t{sizeof(float)});
    for (size_t i = 0; i < Count(); ++i) {
      if (!needed_[i] || fusion_.alias[i]) continue;
      const Node<T>& node = nodes_[i];
      Operation operation;
      operation.node = static_cast<int>(i);
      operation.relu = fusion_.relu[i];
      const bool bundled = bundles_.Has(operation.node);
      // Moves come first: they are operations of their own.
      for (const int source : node.sources) Value(source, bundled);
      for (const int source : node.sources) operation.src.push_back(Value(source, bundled));
      if (fusion_.add[i] >= 0) operation.add = Use(values_[bundled][fusion_.add[i]]);
      operation.dst = values_[bundled][i] = NewTensor(operation.node, bundled);
      const int64_t workspace = WorkspaceBytes(operation.node);
      if (workspace > 0) operation.workspace = workspaces_[i] = NewBuffer(workspace);
      Push(std::move(operation));
    }
    if (!plan_.outputs.empty()) OpenSegment(0);  // outputs are copied chunk by chunk
    for (const int output : plan_.outputs) {
      plan_.output_buffers.push_back(Value(output, false));
    }
  }

  void AddBackward() {
    diffs_.assign(Count(), -1);
    undone_.assign(Count(), false);
    int64_t end = graph_.weight_count();  // where the open bucket ends
    for (size_t i = Count(); i-- > 0;) {
      if (backward_[i] && !fusion_.alias[i]) AddBackwardOf(static_cast<int>(i));
      const Node<T>& node = nodes_[i];
      const bool owns = node.HasParameters() && node.owner == static_cast<int>(i);
      const int64_t bytes = (end - node.weights_begin) * static_cast<int64_t>(sizeof(T));
      if (owns && node.weights_begin > 0 && bytes >= options_.bucket_bytes) {
        CloseBucket(node.weights_begin, end);
        end = node.weights_begin;
      }
    }
    Segment& last = plan_.segments.back();
    if (last.ends_bucket) {  // what is left needs no operation
      last.bucket_begin = 0;
      last.bucket_count += end;
    } else {
      CloseBucket(0, end);
    }
  }

  void CloseBucket(int64_t begin, int64_t end) {
    if (plan_.segments.back().ends_bucket) NewSegment(0);
    Segment& segment = plan_.segments.back();
    segment.ends_bucket = true;
    segment.bucket_begin = begin;
    segment.bucket_count = end - begin;
  }

  void NewSegment(int64_t panels) {
    plan_.segments.emplace_back();
    plan_.segments.back().panels = panels;
    segment_begin_.push_back(time_);
  }

  /// Sees to it that the last segment takes an operation, by rows or by so many panels.
  void OpenSegment(int64_t panels) {
    const bool fits = !plan_.segments.empty() && !plan_.segments.back().ends_bucket &&
                      panels == 0 && plan_.segments.back().panels == 0;
    if (!fits) NewSegment(panels);
  }

  /// Ends an operation's planning: its scratch, its segment, and the next one's time.
  void Push(Operation operation) {
    const Node<T>& node = nodes_[operation.node];
    const bool moves = operation.move != Operation::Move::kNone;
    const bool panels = plan_.panels[operation.node] && !moves;
    OpenSegment(panels ? PanelCount(node, options_.lanes) : 0);
    const int64_t units = bundles_.Units(operation.node, rows_);
    const int64_t scratch = moves    ? 0
                            : panels ? node.layer->PanelScratchBytes(options_.max_rows)
                                     : LayerOf(operation.node).ScratchBytes(units);
    if (scratch > 0) operation.scratch = NewBuffer(scratch);
    if (panels) UseByPanels(operation);
    Use(plan_.row_weights);
    plan_.segments.back().operations.push_back(std::move(operation));
    ++time_;
  }

  /// A panel operation meets all rows of its tensors.
  void UseByPanels(const Operation& operation) {
    std::vector<int> tensors = {operation.dst, operation.diff_dst};
    for (const auto& more : {operation.src, operation.diff_src, operation.add_to}) {
      tensors.insert(tensors.end(), more.begin(), more.end());
    }
    for (const int buffer : tensors) {
      if (buffer >= 0) buffers_[buffer].of_step = true;
    }
  }

  bool UndoesSrcRelu(int i) const {
    return fusion_.ReluBehind(graph_, i) && LayerOf(i).UndoesSrcRelu() &&
           bundles_.Alike({i, fusion_.tensor[nodes_[i].sources[0]]});
  }

  void AddBackwardOf(int i) {
    const Node<T>& node = nodes_[i];
    const bool bundled = bundles_.Has(i);
    const auto reads = LayerOf(i).BackwardReads();
    Operation operation;
    operation.kind = Operation::Kind::kBackward;
    operation.node = i;
    operation.src_relu = UndoesSrcRelu(i);
    if (operation.src_relu) undone_[fusion_.tensor[node.sources[0]]] = true;
    operation.relu = fusion_.relu[i] && !undone_[i];
    for (const int source : node.sources) {
      operation.src.push_back(reads.src ? Value(source, bundled) : -1);
    }
    if (reads.dst || operation.relu || operation.src_relu) operation.dst = Use(values_[bundled][i]);
    operation.workspace = Use(workspaces_[i]);
    if (node.layer->LossWeight()) diffs_[i] = NewTensor(i, bundled);
    operation.diff_dst = Use(diffs_[i]);
    AddDiffSrc(i, &operation);
    if (fusion_.add[i] >= 0) PassToAdded(&operation, fusion_.add[i]);
    const std::vector<int> diff_src = operation.diff_src;
    Push(std::move(operation));
    for (size_t s = 0; s < diff_src.size(); ++s) {
      if (diff_src[s] >= 0) MoveGradient(fusion_.tensor[node.sources[s]], diff_src[s], bundled);
    }
  }

  /// Where the gradients of the sources go, in bundles or plain as the node is. The buffer of
  /// diff_dst can serve one of them: nobody reads it afterwards, unless it is passed on to what was
  /// added.
  void AddDiffSrc(int i, Operation* operation) {
    const bool bundled = bundles_.Has(i);
    bool passes = LayerOf(i).PassesGradient();
    bool in_place = LayerOf(i).CanPassBackInPlace() && fusion_.add[i] < 0;
    for (const int source : nodes_[i].sources) {
      const int tensor = fusion_.tensor[source];
      const bool wanted = backward_[tensor];
      const bool moves = bundles_.Has(tensor) != bundled;
      const bool first = diffs_[tensor] < 0;
      int buffer = -1;
      if (wanted && first && passes && !moves) {
        diffs_[tensor] = operation->diff_dst;
        passes = false;
      } else if (wanted) {
        buffer = in_place ? operation->diff_dst : NewTensor(tensor, bundled);
        if (first && !moves) diffs_[tensor] = buffer;
      }
      in_place = false;
      operation->diff_src.push_back(buffer);
      operation->add_to.push_back(wanted && !first && !moves ? Use(diffs_[tensor]) : -1);
    }
  }

  /// Moves the gradient of a tensor to where the tensor is, if it is not there.
  void MoveGradient(int tensor, int diff_src, bool bundled) {
    if (bundles_.Has(tensor) == bundled) return;
    int& sum = diffs_[tensor];
    const int moved = AddMove(Operation::Kind::kBackward, tensor, diff_src, !bundled, sum);
    if (sum < 0) sum = moved;
  }

  /// The gradient of what is added is diff_dst, behind the relu. Nobody else needs it afterwards.
  void PassToAdded(Operation* operation, int tensor) {
    operation->add = operation->diff_dst;
    if (!backward_[tensor]) return;
    const bool first = diffs_[tensor] < 0;
    operation->add_to.push_back(first ? -1 : Use(diffs_[tensor]));
    if (first) diffs_[tensor] = operation->diff_dst;
  }

  const Graph<T>& graph_;
  const std::vector<Node<T>>& nodes_;
  const Bundles<T>& bundles_;
  const PlanOptions& options_;
  int64_t rows_;
  Plan plan_;
  std::vector<bool> needed_, backward_;
  Fusion fusion_;
  std::vector<bool> undone_;  ///< tensor -> its relu is undone by the one who reads it
  std::array<std::vector<int>, 2> values_;  ///< [bundled]: node -> buffer of its result
  std::vector<int> workspaces_;             ///< node -> buffer
  std::vector<int> diffs_;                  ///< node -> buffer of d(loss)/d(result)
  std::vector<Buffer> buffers_;
  std::vector<int> segment_begin_;  ///< segment -> time of its first operation
  int time_ = 0;                    ///< index of the operation being planned
};

/// What should stay in the cache while a chunk is in work: all that its lane keeps for it within a
/// segment, and each tensor on its way from one operation to the next. What outlives a segment goes
/// to memory in any case.
int64_t ChunkBytes(const Plan& plan) {
  int64_t bytes = plan.memory.lane_bytes;
  for (const Place& place : plan.memory.places) {
    bytes = std::max({bytes, place.slot_bytes, place.row_bytes * plan.chunk_rows});
  }
  return bytes;
}

}  // namespace

template <typename T>
int64_t MostChunkRows(const Graph<T>& graph, const PlanOptions& options) {
  const int64_t group = options.mode == Mode::kTrain ? NormalizationRows(graph) : 0;
  const int64_t share = (options.max_rows + options.lanes - 1) / options.lanes;
  return group > 0 ? group : std::min(kMaxChunkRows, std::max<int64_t>(share, 1));
}

template <typename T>
Plan MakePlan(const Graph<T>& graph, Bundles<T>& bundles, const PlanOptions& options) {
  const bool fixed = options.mode == Mode::kTrain && NormalizationRows(graph) > 0;
  // Whole bundles, so that only the last one of a call is not full.
  const int64_t least = bundles.Any() && !fixed ? bundles.width : 1;
  const auto whole = [&](int64_t rows) { return (rows + least - 1) / least * least; };
  int64_t rows = whole(MostChunkRows(graph, options));
  Plan plan = Planner<T>(graph, bundles, options, rows).Make();
  while (!fixed && rows > least && ChunkBytes(plan) > kChunkBytes) {
    rows = whole((rows + 1) / 2);
    plan = Planner<T>(graph, bundles, options, rows).Make();
  }
  const bool optional = bundles.Any() && options.bundling == Bundling::kWhereFaster;
  if (optional && ChunkBytes(plan) > kChunkBytes) {
    bundles.Clear();
    return MakePlan(graph, bundles, options);
  }
  return plan;
}

template int64_t MostChunkRows(const Graph<float>&, const PlanOptions&);
template int64_t MostChunkRows(const Graph<double>&, const PlanOptions&);
template Plan MakePlan(const Graph<float>&, Bundles<float>&, const PlanOptions&);
template Plan MakePlan(const Graph<double>&, Bundles<double>&, const PlanOptions&);

}  // namespace fovea
