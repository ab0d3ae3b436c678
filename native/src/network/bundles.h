#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "network/graph.h"

namespace fovea {

enum class Bundling {
  kWhereFaster,    ///< by the estimated cost of layers and of interleaving
  kNever,          ///< every layer runs on plain rows
  kWherePossible,  ///< every convolution that can, and what follows it
};

/// Which layers of a graph run on bundles: `width` rows interleaved, [.., C, width]. Between a
/// layer that does and one that does not the plan interleaves or deinterleaves.
template <typename T>
struct Bundles {
  int64_t width = 1;
  std::vector<LayerPtr<T>> layers;  ///< one a node; null: the node's own layer runs, on plain rows

  bool Has(int node) const { return layers[node] != nullptr; }
  bool Any() const;
  /// True where all of these nodes, or none, run on bundles.
  bool Alike(std::initializer_list<int> nodes) const {
    return std::ranges::all_of(nodes, [&](int node) { return Has(node) == Has(*nodes.begin()); });
  }
  void Clear();
  /// What runs for a node.
  const Layer<T>& LayerOf(const Graph<T>& graph, int node) const {
    return Has(node) ? *layers[node] : *graph.nodes()[node].layer;
  }
  /// What `rows` rows of a chunk are to the layer of a node: bundles, the last one perhaps not
  /// full, or rows.
  int64_t Units(int node, int64_t rows) const {
    return Has(node) ? (rows + width - 1) / width : rows;
  }
  /// Rows that `rows` rows take in memory: those of whole bundles where they are interleaved.
  int64_t Held(bool bundled, int64_t rows) const {
    return bundled ? (rows + width - 1) / width * width : rows;
  }
};

/// Chooses for chunks of at most `rows` rows. At inference a layer that can take in the affine
/// layer behind it stays plain and does so.
template <typename T>
Bundles<T> ChooseBundles(const Graph<T>& graph, const Kernels<T>& kernels, Bundling bundling,
                         int64_t rows, bool inference);

}  // namespace fovea
