#pragma once

#include <vector>

#include "network/bundles.h"
#include "network/graph.h"

namespace fovea {

/// Which nodes share a tensor and an operation. A tensor has the number of the node whose operation
/// makes it.
struct Fusion {
  std::vector<int> consumers;  ///< node -> how many read its result, outputs included
  std::vector<int> tensor;     ///< node -> its tensor; -1 where the node is not needed
  std::vector<bool> alias;     ///< node -> it is another's tensor and needs no operation
  std::vector<bool> relu;      ///< tensor -> its operation ends with a relu
  std::vector<int> add;        ///< tensor -> the tensor that its operation adds, or -1
  std::vector<int> folded;     ///< tensor -> the affine node that its weights take in, or -1

  /// True where the one source of the node is a fused Relu that nobody else reads.
  template <typename T>
  bool ReluBehind(const Graph<T>& graph, int node) const;
};

/// A view shares the tensor of its source. A Relu, an Add of two and, at inference, an affine layer
/// join the operation before them, if it can take them in, nobody else reads its result, and both
/// run on bundles or neither does.
template <typename T>
Fusion Fuse(const Graph<T>& graph, const Bundles<T>& bundles, const std::vector<bool>& needed,
            const std::vector<int>& outputs, bool inference);

}  // namespace fovea
