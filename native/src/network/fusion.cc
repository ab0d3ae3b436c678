#include "network/fusion.h"

namespace fovea {
namespace {

template <typename T>
class Fuser {
 public:
  Fuser(const Graph<T>& graph, const Bundles<T>& bundles, const std::vector<bool>& needed,
        bool inference)
      : graph_(graph),
        nodes_(graph.nodes()),
        bundles_(bundles),
        needed_(needed),
        inference_(inference) {}

  Fusion Make(const std::vector<int>& outputs) {
    const size_t count = nodes_.size();
    fusion_.tensor.assign(count, -1);
    fusion_.alias.assign(count, false);
    fusion_.relu.assign(count, false);
    fusion_.add.assign(count, -1);
    fusion_.folded.assign(count, -1);
    open_.assign(count, false);
    CountConsumers(outputs);
    for (size_t i = 0; i < count; ++i) {
      if (needed_[i]) Place(static_cast<int>(i));
    }
    return std::move(fusion_);
  }

 private:
  const Layer<T>& LayerOf(int node) const { return bundles_.LayerOf(graph_, node); }

  void CountConsumers(const std::vector<int>& outputs) {
    fusion_.consumers.assign(nodes_.size(), 0);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (!needed_[i]) continue;
      for (const int source : nodes_[i].sources) ++fusion_.consumers[source];
    }
    for (const int output : outputs) ++fusion_.consumers[output];
  }

  void Place(int node) {
    if (FoldAffine(node) || FuseAdd(node) || FuseRelu(node)) return;
    if (nodes_[node].layer->IsView()) {
      Alias(node, fusion_.tensor[nodes_[node].sources[0]], false);
    } else {
      fusion_.tensor[node] = node;
      open_[node] = true;
    }
  }

  void Alias(int node, int tensor, bool open) {
    fusion_.tensor[node] = tensor;
    fusion_.alias[node] = true;
    open_[node] = open;
  }

  /// True where nobody else reads `source` and the operation that makes it can do more to it.
  bool MayContinue(int source) const { return fusion_.consumers[source] == 1 && open_[source]; }

  bool FoldAffine(int node) {
    if (!inference_ || !nodes_[node].layer->IsAffine()) return false;
    const int source = nodes_[node].sources[0];
    const bool ends = !fusion_.alias[source] && LayerOf(source).CanFoldAffine();
    if (!MayContinue(source) || !ends) return false;
    fusion_.folded[source] = node;
    Alias(node, source, true);
    return true;
  }

  /// An Add joins the operation of the later source: the other is there then.
  bool FuseAdd(int node) {
    const std::vector<int>& sources = nodes_[node].sources;
    if (nodes_[node].line.type->name != "Add" || sources.size() != 2) return false;
    const bool second = fusion_.tensor[sources[1]] > fusion_.tensor[sources[0]];
    const int source = sources[second ? 1 : 0];
    const int other = fusion_.tensor[sources[second ? 0 : 1]];
    const int tensor = fusion_.tensor[source];
    if (!MayContinue(source) || fusion_.add[tensor] >= 0 || tensor == other ||
        !LayerOf(tensor).CanFuseAdd() || !bundles_.Alike({node, tensor, other})) {
      return false;
    }
    fusion_.add[tensor] = other;
    Alias(node, tensor, true);
    return true;
  }

  bool FuseRelu(int node) {
    if (nodes_[node].line.type->name != "Relu") return false;
    const int source = nodes_[node].sources[0];
    const int tensor = fusion_.tensor[source];
    if (!MayContinue(source) || !LayerOf(tensor).CanFuseRelu() || !bundles_.Alike({node, tensor})) {
      return false;
    }
    fusion_.relu[tensor] = true;
    Alias(node, tensor, false);
    return true;
  }

  const Graph<T>& graph_;
  const std::vector<Node<T>>& nodes_;
  const Bundles<T>& bundles_;
  const std::vector<bool>& needed_;
  bool inference_;
  Fusion fusion_;
  std::vector<bool> open_;  ///< node -> the operation of its tensor can do more behind it
};

}  // namespace

template <typename T>
bool Fusion::ReluBehind(const Graph<T>& graph, int node) const {
  const std::vector<int>& sources = graph.nodes()[node].sources;
  if (sources.size() != 1 || consumers[sources[0]] != 1) return false;
  return relu[tensor[sources[0]]] && graph.nodes()[sources[0]].line.type->name == "Relu";
}

template <typename T>
Fusion Fuse(const Graph<T>& graph, const Bundles<T>& bundles, const std::vector<bool>& needed,
            const std::vector<int>& outputs, bool inference) {
  return Fuser<T>(graph, bundles, needed, inference).Make(outputs);
}

template bool Fusion::ReluBehind(const Graph<float>&, int) const;
template bool Fusion::ReluBehind(const Graph<double>&, int) const;
template Fusion Fuse(const Graph<float>&, const Bundles<float>&, const std::vector<bool>&,
                     const std::vector<int>&, bool);
template Fusion Fuse(const Graph<double>&, const Bundles<double>&, const std::vector<bool>&,
                     const std::vector<int>&, bool);

}  // namespace fovea
