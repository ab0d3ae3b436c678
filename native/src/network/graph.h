#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "layers/layer.h"
#include "network/network_text.h"

namespace fovea {

/// A layer in its place: its sources, its shape and its slice of the flat weights.
template <typename T>
struct Node {
  LayerLine line;
  std::vector<int> sources;  ///< indices of earlier nodes
  LayerPtr<T> layer;
  Shape shape;
  std::vector<ParameterSpec> parameters;
  int owner = 0;              ///< the node whose parameters it uses: itself unless weightsOf
  int64_t weights_begin = 0;  ///< offset of its first parameter in the weights, in elements
  int64_t weights_size = 0;   ///< elements of its slice; 0 without parameters
  bool frozen = false;
  double learning_rate = 1;  ///< factor on the learning rate of the step
  double l2 = 0;
  std::string initializer;

  bool HasParameters() const { return weights_size > 0; }
};

/// The layers of a network text with checked shapes and the layout of the weights: what a network
/// is, before anybody decides how to run it.
template <typename T>
class Graph {
 public:
  /// Throws Error naming layer and line.
  Graph(std::string_view text, const Kernels<T>& kernels);

  const std::vector<Node<T>>& nodes() const { return nodes_; }
  /// Elements of the flat weights: every parameter starts on a multiple of 16.
  int64_t weight_count() const { return weight_count_; }
  /// Index of the node of that name, or -1.
  int Find(std::string_view name) const;

 private:
  void CheckSizes(const Node<T>& node) const;
  void Place(Node<T>& node);
  void ReadSettings(Node<T>& node);

  std::vector<Node<T>> nodes_;
  int64_t weight_count_ = 0;
};

}  // namespace fovea
