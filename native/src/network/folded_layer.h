#pragma once

#include <vector>

#include "network/arena.h"
#include "network/graph.h"

namespace fovea {

/// At inference, a layer with the affine function behind it (batch norm with running statistics) in
/// its own weights:
///   weight'[.., oc] = weight[.., oc] * factor[oc], bias'[oc] = bias[oc] * factor[oc] + shift[oc]
/// Owns those weights, a copy that is made anew with every change of the network's. The layer it
/// runs has a bias even where the network's has none; its memory must not depend on that.
template <typename T>
class FoldedLayer {
 public:
  /// `node` can fold (CanFoldAffine), `affine` is the node behind it (IsAffine).
  FoldedLayer(const Graph<T>& graph, int node, int affine, const Kernels<T>& kernels);

  const Layer<T>& layer() const { return *layer_; }
  const T* weights() const { return reinterpret_cast<const T*>(weights_.at(0)); }
  int64_t bytes() const { return bytes_; }  ///< of those weights
  /// Makes the weights from those of the network.
  void Update(const T* weights);

 private:
  const Kernels<T>& kernels_;
  const Node<T>& node_;
  const Node<T>& affine_;
  LayerPtr<T> layer_;  ///< as the node's, but always with a bias
  int64_t bytes_;
  Arena weights_;
  std::vector<T> factor_, shift_, zeros_;  ///< [OC]
};

}  // namespace fovea
