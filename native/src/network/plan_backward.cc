#include "network/plan_backward.h"

namespace fovea {
namespace {

template <typename T>
class BackwardPlanner {
 public:
  BackwardPlanner(const PlanChoices<T>& choices, const ForwardBuffers& forward,
                  PlanBuilder<T>& builder)
      : choices_(choices),
        nodes_(choices.graph.nodes()),
        bundles_(choices.bundles),
        fusion_(choices.fusion),
        forward_(forward),
        builder_(builder),
        undone_(nodes_.size(), false),
        diffs_(nodes_.size(), -1) {}

  void Make() {
    int64_t end = choices_.graph.weight_count();  // where the open bucket ends
    for (size_t i = nodes_.size(); i-- > 0;) {
      if (choices_.backward[i] && !fusion_.alias[i]) Add(static_cast<int>(i));
      const Node<T>& node = nodes_[i];
      const bool owns = node.HasParameters() && node.owner == static_cast<int>(i);
      const int64_t bytes = (end - node.weights_begin) * static_cast<int64_t>(sizeof(T));
      if (owns && node.weights_begin > 0 && bytes >= choices_.options.bucket_bytes) {
        builder_.EndBucket(node.weights_begin, end);
        end = node.weights_begin;
      }
    }
    builder_.EndLastBucket(end);
  }

 private:
  bool UndoesSrcRelu(int i) const {
    return fusion_.ReluBehind(choices_.graph, i) && choices_.LayerOf(i).UndoesSrcRelu() &&
           bundles_.Alike({i, fusion_.tensor[nodes_[i].sources[0]]});
  }

  void Add(int i) {
    const Node<T>& node = nodes_[i];
    const bool bundled = bundles_.Has(i);
    const std::vector<int>& results = forward_.results[bundled];
    const auto reads = choices_.LayerOf(i).BackwardReads();
    Operation operation;
    operation.kind = Operation::Kind::kBackward;
    operation.node = i;
    operation.src_relu = UndoesSrcRelu(i);
    if (operation.src_relu) undone_[fusion_.tensor[node.sources[0]]] = true;
    operation.relu = fusion_.relu[i] && !undone_[i];
    for (const int source : node.sources) {
      operation.src.push_back(reads.src ? builder_.Use(results[fusion_.tensor[source]]) : -1);
    }
    if (reads.dst || operation.relu || operation.src_relu) {
      operation.dst = builder_.Use(results[i]);
    }
    operation.workspace = builder_.Use(forward_.workspaces[i]);
    if (node.layer->LossWeight()) diffs_[i] = builder_.NewTensor(i, bundled);
    operation.diff_dst = builder_.Use(diffs_[i]);
    AddDiffSrc(i, &operation);
    if (fusion_.add[i] >= 0) PassToAdded(&operation, fusion_.add[i]);
    const std::vector<int> diff_src = operation.diff_src;
    builder_.Push(std::move(operation));
    for (size_t s = 0; s < diff_src.size(); ++s) {
      if (diff_src[s] >= 0) MoveGradient(fusion_.tensor[node.sources[s]], diff_src[s], bundled);
    }
  }

  /// Where the gradients of the sources go, in bundles or plain as the node is. The buffer of
  /// diff_dst can serve one of them: nobody reads it afterwards, unless it is passed on to what was
  /// added.
  void AddDiffSrc(int i, Operation* operation) {
    const bool bundled = bundles_.Has(i);
    bool passes = choices_.LayerOf(i).PassesGradient();
    bool in_place = choices_.LayerOf(i).CanPassBackInPlace() && fusion_.add[i] < 0;
    for (const int source : nodes_[i].sources) {
      const int tensor = fusion_.tensor[source];
      const bool wanted = choices_.backward[tensor];
      const bool moves = bundles_.Has(tensor) != bundled;
      const bool first = diffs_[tensor] < 0;
      int buffer = -1;
      if (wanted && first && passes && !moves) {
        diffs_[tensor] = operation->diff_dst;
        passes = false;
      } else if (wanted) {
        buffer = in_place ? operation->diff_dst : builder_.NewTensor(tensor, bundled);
        if (first && !moves) diffs_[tensor] = buffer;
      }
      in_place = false;
      operation->diff_src.push_back(buffer);
      operation->add_to.push_back(wanted && !first && !moves ? builder_.Use(diffs_[tensor]) : -1);
    }
  }

  /// Moves the gradient of a tensor to where the tensor is, if it is not there.
  void MoveGradient(int tensor, int diff_src, bool bundled) {
    if (bundles_.Has(tensor) == bundled) return;
    int& sum = diffs_[tensor];
    const int moved =
        builder_.PushMove(Operation::Kind::kBackward, tensor, diff_src, !bundled, sum);
    if (sum < 0) sum = moved;
  }

  /// The gradient of what is added is diff_dst, behind the relu. Nobody else needs it afterwards.
  void PassToAdded(Operation* operation, int tensor) {
    operation->add = operation->diff_dst;
    if (!choices_.backward[tensor]) return;
    const bool first = diffs_[tensor] < 0;
    operation->add_to.push_back(first ? -1 : builder_.Use(diffs_[tensor]));
    if (first) diffs_[tensor] = operation->diff_dst;
  }

  const PlanChoices<T>& choices_;
  const std::vector<Node<T>>& nodes_;
  const Bundles<T>& bundles_;
  const Fusion& fusion_;
  const ForwardBuffers& forward_;
  PlanBuilder<T>& builder_;
  std::vector<bool> undone_;  ///< tensor -> its relu is undone by the one who reads it
  std::vector<int> diffs_;    ///< tensor -> buffer of d(loss)/d(result)
};

}  // namespace

template <typename T>
void PlanBackward(const PlanChoices<T>& choices, const ForwardBuffers& forward,
                  PlanBuilder<T>& builder) {
  BackwardPlanner<T>(choices, forward, builder).Make();
}

template void PlanBackward(const PlanChoices<float>&, const ForwardBuffers&, PlanBuilder<float>&);
template void PlanBackward(const PlanChoices<double>&, const ForwardBuffers&, PlanBuilder<double>&);

}  // namespace fovea
