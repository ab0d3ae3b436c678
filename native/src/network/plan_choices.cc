#include "network/plan_choices.h"

#include "network/panels.h"

namespace fovea {
namespace {

template <typename T>
std::vector<int> FindOutputs(const Graph<T>& graph, const std::vector<std::string>& names) {
  std::vector<int> outputs;
  for (const std::string& name : names) {
    const int node = graph.Find(name);
    if (node < 0) {
      throw Error("Output '" + name + "': expected the name of a layer. Received: '" + name + "'.");
    }
    outputs.push_back(node);
  }
  if (outputs.empty()) {
    throw Error("Outputs: expected at least one name of a layer. Received: none.");
  }
  return outputs;
}

template <typename T>
std::vector<int> FindLosses(const std::vector<Node<T>>& nodes) {
  std::vector<int> losses;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].layer->LossWeight()) losses.push_back(static_cast<int>(i));
  }
  if (losses.empty()) {
    throw Error(
        "Network: expected at least one loss layer. Received: none. Add a line such as "
        "'loss SoftmaxCrossEntropy from=logits,label'.");
  }
  return losses;
}

/// The outputs or the losses, and all that they are made of.
template <typename T>
std::vector<bool> FindNeeded(const std::vector<Node<T>>& nodes, const std::vector<int>& ends) {
  std::vector<bool> needed(nodes.size(), false);
  for (const int end : ends) needed[end] = true;
  for (size_t i = nodes.size(); i-- > 0;) {
    if (!needed[i]) continue;
    for (const int source : nodes[i].sources) needed[source] = true;
  }
  return needed;
}

/// The needed nodes with trained weights of their own or before them. What a tensor adds reaches
/// further back than the node itself.
template <typename T>
std::vector<bool> FindBackward(const std::vector<Node<T>>& nodes, const std::vector<bool>& needed,
                               const Fusion& fusion) {
  std::vector<bool> backward(nodes.size(), false);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!needed[i]) continue;
    backward[i] = nodes[i].HasParameters() && !nodes[i].frozen;
    for (const int source : nodes[i].sources) {
      if (backward[source]) backward[i] = true;
    }
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    const int tensor = fusion.tensor[i];
    if (tensor >= 0 && backward[i] && fusion.add[tensor] >= 0) backward[tensor] = true;
  }
  return backward;
}

}  // namespace

template <typename T>
PlanChoices<T> ChoosePlan(const Graph<T>& graph, const Bundles<T>& bundles,
                          const PlanOptions& options) {
  const std::vector<Node<T>>& nodes = graph.nodes();
  const bool predict = options.mode == Mode::kPredict;
  std::vector<int> outputs;
  if (predict) outputs = FindOutputs(graph, options.outputs);
  std::vector<bool> needed = FindNeeded(nodes, predict ? outputs : FindLosses(nodes));
  std::vector<bool> panels = ChoosePanels(graph, needed, options);
  Fusion fusion = Fuse(graph, bundles, needed, outputs, options.mode != Mode::kTrain);
  std::vector<bool> backward;
  if (options.mode == Mode::kTrain) backward = FindBackward(nodes, needed, fusion);
  return {graph, bundles, options, outputs, needed, panels, fusion, backward};
}

template PlanChoices<float> ChoosePlan(const Graph<float>&, const Bundles<float>&,
                                       const PlanOptions&);
template PlanChoices<double> ChoosePlan(const Graph<double>&, const Bundles<double>&,
                                        const PlanOptions&);

}  // namespace fovea
