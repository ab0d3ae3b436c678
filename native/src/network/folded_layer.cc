#include "network/folded_layer.h"

namespace fovea {
namespace {

template <typename T>
LayerPtr<T> WithBias(const Graph<T>& graph, const Node<T>& node, const Kernels<T>& kernels) {
  std::vector<Shape> src;
  for (const int source : node.sources) src.push_back(graph.nodes()[source].shape);
  const Attributes attributes = node.line.attributes.With("bias", "true");
  return CreateLayer<T>(*node.line.type, {attributes, src, kernels});
}

template <typename T>
int64_t ParameterBytes(const Layer<T>& layer) {
  int64_t size = 0;
  for (const ParameterSpec& parameter : layer.Parameters()) size += SliceSize(parameter);
  return size * int64_t{sizeof(T)};
}

}  // namespace

template <typename T>
FoldedLayer<T>::FoldedLayer(const Graph<T>& graph, int node, int affine, const Kernels<T>& kernels)
    : kernels_(kernels),
      node_(graph.nodes()[node]),
      affine_(graph.nodes()[affine]),
      layer_(WithBias(graph, node_, kernels)),
      bytes_(ParameterBytes(*layer_)),
      weights_(bytes_),
      factor_(static_cast<size_t>(node_.shape.back())),
      shift_(factor_.size()),
      zeros_(factor_.size()) {}

template <typename T>
void FoldedLayer<T>::Update(const T* weights) {
  const int64_t channels = node_.shape.back();
  affine_.layer->Affine(weights + affine_.weights_begin, factor_.data(), shift_.data());
  const T* from = weights + node_.weights_begin;
  T* folded = reinterpret_cast<T*>(weights_.at(0));
  const ParameterSpec& weight = node_.parameters[0];
  kernels_.column_affine({Size(weight.shape) / channels, channels, from, factor_.data(),
                          zeros_.data(), nullptr, false, folded});
  const bool has_bias = node_.parameters.size() > 1;
  kernels_.column_affine({1, channels, has_bias ? from + SliceSize(weight) : zeros_.data(),
                          factor_.data(), shift_.data(), nullptr, false,
                          folded + SliceSize(weight)});
}

template class FoldedLayer<float>;
template class FoldedLayer<double>;

}  // namespace fovea
