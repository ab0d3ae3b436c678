#include "network/panels.h"

#include <algorithm>

namespace fovea {
namespace {

/// Panels are at most about this large, so that a lane looks up every few milliseconds.
constexpr int64_t kPanelBytes = 16 * 1024 * 1024;

template <typename T>
int64_t WeightBytes(const Node<T>& node) {
  return node.weights_size * static_cast<int64_t>(sizeof(T));
}

void Append(int64_t begin, int64_t count, LaneGradient& gradient) {
  const int64_t lane_begin = gradient.Count();
  if (!gradient.stretches.empty()) {
    LaneStretch& last = gradient.stretches.back();
    if (last.begin + last.count == begin) {
      last.count += count;
      return;
    }
  }
  gradient.stretches.push_back({begin, count, lane_begin});
}

}  // namespace

template <typename T>
std::vector<bool> ChoosePanels(const Graph<T>& graph, const std::vector<bool>& needed,
                               const PlanOptions& options) {
  std::vector<bool> panels;
  for (size_t i = 0; i < needed.size(); ++i) {
    const Node<T>& node = graph.nodes()[i];
    panels.push_back(needed[i] && node.HasParameters() &&
                     WeightBytes(node) >= options.panel_bytes && node.layer->CanRunByPanels());
  }
  return panels;
}

template <typename T>
int64_t PanelCount(const Node<T>& node, int lanes) {
  const int64_t round = lanes * kPanelBytes;
  return lanes * std::max<int64_t>(1, (WeightBytes(node) + round - 1) / round);
}

template <typename T>
LaneGradient PlaceLaneGradient(const Graph<T>& graph, const std::vector<bool>& needed,
                               const std::vector<bool>& panels) {
  const auto& nodes = graph.nodes();
  std::vector<bool> by_rows(nodes.size(), false);  // owners of what a row segment adds to
  for (size_t i = 0; i < nodes.size(); ++i) {
    const bool learns = needed[i] && nodes[i].HasParameters() && !nodes[i].frozen;
    if (learns && !panels[i]) by_rows[nodes[i].owner] = true;
  }
  LaneGradient gradient{{}, std::vector<int64_t>(nodes.size(), 0)};
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node<T>& node = nodes[i];
    if (by_rows[i]) {
      gradient.begin[i] = gradient.Count();
      Append(node.weights_begin, node.weights_size, gradient);
    } else if (node.owner < static_cast<int>(i)) {
      gradient.begin[i] = gradient.begin[node.owner];
    }
  }
  return gradient;
}

template std::vector<bool> ChoosePanels(const Graph<float>&, const std::vector<bool>&,
                                        const PlanOptions&);
template std::vector<bool> ChoosePanels(const Graph<double>&, const std::vector<bool>&,
                                        const PlanOptions&);
template int64_t PanelCount(const Node<float>&, int);
template int64_t PanelCount(const Node<double>&, int);
template LaneGradient PlaceLaneGradient(const Graph<float>&, const std::vector<bool>&,
                                        const std::vector<bool>&);
template LaneGradient PlaceLaneGradient(const Graph<double>&, const std::vector<bool>&,
                                        const std::vector<bool>&);

}  // namespace fovea
