#include "network/plan_forward.h"

namespace fovea {
namespace {

template <typename T>
class ForwardPlanner {
 public:
  ForwardPlanner(const PlanChoices<T>& choices, PlanBuilder<T>& builder)
      : choices_(choices), fusion_(choices.fusion), builder_(builder) {
    buffers_.results.fill(std::vector<int>(choices.needed.size(), -1));
    buffers_.workspaces.assign(choices.needed.size(), -1);
  }

  ForwardBuffers Make() {
    for (size_t i = 0; i < choices_.needed.size(); ++i) {
      if (choices_.needed[i] && !fusion_.alias[i]) Add(static_cast<int>(i));
    }
    if (!choices_.outputs.empty()) builder_.OpenSegment(0);  // outputs are copied chunk by chunk
    for (const int output : choices_.outputs) buffers_.outputs.push_back(Result(output, false));
    for (const int output : buffers_.outputs) builder_.Use(output);  // all are read at the end
    return std::move(buffers_);
  }

 private:
  /// The result of a node, in bundles or plain; moved there if it is not yet.
  int Result(int node, bool bundled) {
    const int tensor = fusion_.tensor[node];
    int& result = buffers_.results[bundled][tensor];
    if (result < 0) {
      const int src = buffers_.results[!bundled][tensor];
      result = builder_.PushMove(Operation::Kind::kForward, tensor, src, bundled, -1);
    }
    return builder_.Use(result);
  }

  int64_t WorkspaceBytes(int node) const {
    if (choices_.panels[node]) return 0;
    const Layer<T>& layer = choices_.LayerOf(node);
    const int64_t units = choices_.bundles.Units(node, builder_.rows());
    return choices_.options.mode == Mode::kTrain ? layer.WorkspaceBytes(units)
                                                 : layer.ForwardWorkspaceBytes(units);
  }

  void Add(int i) {
    const std::vector<int>& sources = choices_.graph.nodes()[i].sources;
    const bool bundled = choices_.bundles.Has(i);
    Operation operation;
    operation.node = i;
    operation.relu = fusion_.relu[i];
    // Moves come first: they are operations of their own.
    for (const int source : sources) Result(source, bundled);
    for (const int source : sources) operation.src.push_back(Result(source, bundled));
    std::vector<int>& results = buffers_.results[bundled];
    if (fusion_.add[i] >= 0) operation.add = builder_.Use(results[fusion_.add[i]]);
    operation.dst = results[i] = builder_.NewTensor(i, bundled);
    const int64_t workspace = WorkspaceBytes(i);
    if (workspace > 0) {
      operation.workspace = buffers_.workspaces[i] = builder_.NewBuffer(workspace);
    }
    builder_.Push(std::move(operation));
  }

  const PlanChoices<T>& choices_;
  const Fusion& fusion_;
  PlanBuilder<T>& builder_;
  ForwardBuffers buffers_;
};

}  // namespace

template <typename T>
ForwardBuffers PlanForward(const PlanChoices<T>& choices, PlanBuilder<T>& builder) {
  return ForwardPlanner<T>(choices, builder).Make();
}

template ForwardBuffers PlanForward(const PlanChoices<float>&, PlanBuilder<float>&);
template ForwardBuffers PlanForward(const PlanChoices<double>&, PlanBuilder<double>&);

}  // namespace fovea
