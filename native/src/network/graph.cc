#include "network/graph.h"

#include "network/initializers.h"

namespace fovea {
namespace {

/// Floats of the flat weights that one buffer of Java holds.
constexpr int64_t kMostWeights = (int64_t{1} << 29) - 64;

bool SameParameters(const std::vector<ParameterSpec>& a, const std::vector<ParameterSpec>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].shape != b[i].shape) return false;
  }
  return true;
}

std::string ListParameters(const std::vector<ParameterSpec>& parameters) {
  if (parameters.empty()) return "none";
  std::string list;
  for (const ParameterSpec& parameter : parameters) {
    if (!list.empty()) list += ", ";
    list += parameter.name + " " + ToString(parameter.shape);
  }
  return list;
}

}  // namespace

template <typename T>
Graph<T>::Graph(std::string_view text, const Kernels<T>& kernels) {
  for (LayerLine& line : ParseNetworkText(text)) {
    Node<T> node;
    node.line = std::move(line);
    std::vector<Shape> shapes;
    for (const std::string& source : node.line.from) {
      node.sources.push_back(Find(source));
      shapes.push_back(nodes_[node.sources.back()].shape);
    }
    try {
      node.layer = CreateLayer<T>(*node.line.type, {node.line.attributes, shapes, kernels});
      node.shape = node.layer->OutputShape();
      node.parameters = node.layer->Parameters();
      CheckSizes(node);
      ReadSettings(node);
      Place(node);
    } catch (const Error& error) {
      throw Error(node.line.Where() + error.what());
    }
    nodes_.push_back(std::move(node));
  }
}

template <typename T>
void Graph<T>::CheckSizes(const Node<T>& node) const {
  CheckSize("an output", node.shape);
  int64_t weights = weight_count_;
  for (const ParameterSpec& parameter : node.parameters) {
    CheckSize("a " + parameter.name, parameter.shape);
    weights += SliceSize(parameter);
  }
  if (weights > kMostWeights) {
    throw Error("expected at most " + std::to_string(kMostWeights) +
                " weights in the layers up to this one. Received: " + std::to_string(weights) +
                ".");
  }
}

template <typename T>
void Graph<T>::ReadSettings(Node<T>& node) {
  if (node.line.type->kind != LayerKind::kParametric) return;
  const Attributes& attributes = node.line.attributes;
  node.frozen = attributes.Bool("frozen");
  node.learning_rate = attributes.NumberFrom("learningRate", 0);
  node.l2 = attributes.NumberFrom("l2", 0);
  node.initializer = attributes.OneOf("initializer", kInitializers);
}

template <typename T>
void Graph<T>::Place(Node<T>& node) {
  const std::string shared = node.line.attributes.Text("weightsOf");
  if (shared.empty()) {
    node.owner = static_cast<int>(nodes_.size());
    node.weights_begin = weight_count_;
    for (const ParameterSpec& parameter : node.parameters)
      node.weights_size += SliceSize(parameter);
    weight_count_ += node.weights_size;
    return;
  }
  if (node.parameters.empty()) {
    throw Error("attribute 'weightsOf': expected none, since " + std::string(node.line.type->name) +
                " has no parameters. Received: '" + shared + "'.");
  }
  const Node<T>& owner = nodes_[nodes_[Find(shared)].owner];
  if (!SameParameters(owner.parameters, node.parameters)) {
    throw Error("attribute 'weightsOf': expected a layer with parameters " +
                ListParameters(node.parameters) + ". Received: '" + shared + "' with " +
                ListParameters(owner.parameters) + ".");
  }
  node.owner = nodes_[Find(shared)].owner;
  node.weights_begin = owner.weights_begin;
  node.weights_size = owner.weights_size;
  node.frozen = owner.frozen;
}

template <typename T>
int Graph<T>::Find(std::string_view name) const {
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].line.name == name) return static_cast<int>(i);
  }
  return -1;
}

template class Graph<float>;
template class Graph<double>;

}  // namespace fovea
