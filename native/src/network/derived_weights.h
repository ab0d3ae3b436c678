#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "network/arena.h"
#include "network/folded_layer.h"
#include "network/plan.h"

namespace fovea {

/// What the layers of a plan make of the network's weights: layers with an affine one folded into
/// them, and the prepared weights of every layer. Owns that memory; the weights themselves belong
/// to the caller.
template <typename T>
class DerivedWeights {
 public:
  /// Graph, bundles and kernels must outlive it.
  DerivedWeights(const Graph<T>& graph, const Bundles<T>& bundles, const Plan& plan,
                 const Kernels<T>& kernels, int lanes);

  int64_t bytes() const;
  /// Makes a lane's share anew, whole layers; lanes may do theirs side by side.
  void Update(int lane, const T* weights);

  /// What runs for a node, on the weights below.
  const Layer<T>& LayerOf(int node) const {
    return folded_[node] ? folded_[node]->layer() : bundles_.LayerOf(graph_, node);
  }
  /// The parameters of the layer, given those of the network.
  const T* WeightsOf(int node, const T* weights) const {
    return folded_[node] ? folded_[node]->weights() : weights + graph_.nodes()[node].weights_begin;
  }
  const T* PreparedOf(int node) const {
    return reinterpret_cast<const T*>(prepared_.at(0)) + begin_[node];
  }

 private:
  const Graph<T>& graph_;
  const Bundles<T>& bundles_;
  std::vector<std::unique_ptr<FoldedLayer<T>>> folded_;  ///< per node; null where nothing is folded
  std::vector<int64_t> begin_;                           ///< per node and at the end, in elements
  Arena prepared_;
  std::vector<int> lane_of_;  ///< node -> the lane that prepares it
};

}  // namespace fovea
