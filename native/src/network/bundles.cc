#include "network/bundles.h"

#include <algorithm>

namespace fovea {
namespace {

/// Cost of moving an element into or out of a bundle, in the unit of Layer::Cost.
constexpr double kMoveCost = 6;

/// Share of a layer's estimated cost that its layer for bundles must undercut: estimates are no
/// better than that.
constexpr double kMargin = 0.8;

/// Layers that run on bundles without a border between them, and what that saves in a row.
struct Region {
  std::vector<int> nodes;
  double gain = 0;
};

/// The regions of the nodes that have a layer for bundles.
template <typename T>
std::vector<Region> FindRegions(const Graph<T>& graph, const Bundles<T>& bundles) {
  std::vector<int> region_of(graph.nodes().size(), -1);
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const int node = static_cast<int>(i);
    if (!bundles.Has(node)) continue;
    region_of[i] = node;
    for (const int source : graph.nodes()[i].sources) {
      if (!bundles.Has(source)) continue;
      // The node joins its source's region, and whatever was with the node goes with it.
      std::ranges::replace(region_of, region_of[i], region_of[source]);
    }
  }
  std::vector<Region> regions(graph.nodes().size());
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    if (region_of[i] >= 0) regions[region_of[i]].nodes.push_back(static_cast<int>(i));
  }
  std::erase_if(regions, [](const Region& region) { return region.nodes.empty(); });
  return regions;
}

/// Elements of a row that are moved across the border of a region: each tensor once.
template <typename T>
int64_t BorderElements(const Graph<T>& graph, const Bundles<T>& bundles, const Region& region) {
  std::vector<bool> inside(graph.nodes().size(), false), crosses(graph.nodes().size(), false);
  for (const int node : region.nodes) inside[node] = true;
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    for (const int source : graph.nodes()[i].sources) {
      const bool into = inside[i] && !bundles.Has(source);
      const bool out = inside[source] && !bundles.Has(static_cast<int>(i));
      if (into || out) crosses[source] = true;
    }
  }
  int64_t elements = 0;
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    if (crosses[i]) elements += Size(graph.nodes()[i].shape);
  }
  return elements;
}

/// The nodes whose weights can take in an affine layer behind them.
template <typename T>
std::vector<bool> BeforeAffine(const Graph<T>& graph) {
  std::vector<bool> before(graph.nodes().size(), false);
  for (const Node<T>& node : graph.nodes()) {
    if (!node.layer->IsAffine()) continue;
    const int source = node.sources[0];
    before[source] = graph.nodes()[source].layer->CanFoldAffine();
  }
  return before;
}

}  // namespace

template <typename T>
bool Bundles<T>::Any() const {
  return std::ranges::any_of(layers, [](const LayerPtr<T>& layer) { return layer != nullptr; });
}

template <typename T>
void Bundles<T>::Clear() {
  for (LayerPtr<T>& layer : layers) layer.reset();
}

template <typename T>
Bundles<T> ChooseBundles(const Graph<T>& graph, const Kernels<T>& kernels, Bundling bundling,
                         int64_t rows, bool inference) {
  Bundles<T> bundles;
  bundles.width = kernels.panel;
  bundles.layers.resize(graph.nodes().size());
  if (bundling == Bundling::kNever) return bundles;
  const bool always = bundling == Bundling::kWherePossible;
  // A bundle that is not full costs as much as a full one.
  const double fill = static_cast<double>(bundles.Held(true, rows)) / static_cast<double>(rows);
  std::vector<double> gain(graph.nodes().size(), 0);
  const std::vector<bool> folds = inference ? BeforeAffine(graph) : std::vector<bool>(gain.size());
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node<T>& node = graph.nodes()[i];
    LayerPtr<T> bundled = node.layer->Bundled(bundles.width);
    if (bundled == nullptr || folds[i]) continue;
    gain[i] = kMargin * node.layer->Cost() - bundled->Cost() * fill;
    const bool follows =
        std::ranges::all_of(node.sources, [&](int source) { return bundles.Has(source); });
    const bool neutral = node.layer->Cost() == 0;
    if (neutral ? follows : always || gain[i] > 0) bundles.layers[i] = std::move(bundled);
  }
  if (always) return bundles;
  for (Region& region : FindRegions(graph, bundles)) {
    for (const int node : region.nodes) region.gain += gain[node];
    region.gain -= kMoveCost * static_cast<double>(BorderElements(graph, bundles, region));
    if (region.gain > 0) continue;
    for (const int node : region.nodes) bundles.layers[node].reset();
  }
  return bundles;
}

template struct Bundles<float>;
template struct Bundles<double>;
template Bundles<float> ChooseBundles(const Graph<float>&, const Kernels<float>&, Bundling, int64_t,
                                      bool);
template Bundles<double> ChooseBundles(const Graph<double>&, const Kernels<double>&, Bundling,
                                       int64_t, bool);

}  // namespace fovea
