#pragma once

#include <vector>

#include "network/bundles.h"
#include "network/fusion.h"
#include "network/graph.h"
#include "network/plan_options.h"

namespace fovea {

/// What a plan settles for every node before it lists operations, whatever the rows of a chunk.
template <typename T>
struct PlanChoices {
  const Graph<T>& graph;
  const Bundles<T>& bundles;
  const PlanOptions& options;
  std::vector<int> outputs;  ///< kPredict: the wanted nodes
  std::vector<bool> needed;  ///< node -> its result is
  std::vector<bool> panels;  ///< node -> it runs by panels
  Fusion fusion;
  std::vector<bool> backward;  ///< node, tensor -> its gradient leads to trained weights

  const Layer<T>& LayerOf(int node) const { return bundles.LayerOf(graph, node); }
};

/// Throws Error when the graph cannot be run in that mode. The choices refer to the arguments.
template <typename T>
PlanChoices<T> ChoosePlan(const Graph<T>& graph, const Bundles<T>& bundles,
                          const PlanOptions& options);

}  // namespace fovea
