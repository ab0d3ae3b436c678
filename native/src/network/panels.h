#pragma once

#include <vector>

#include "network/graph.h"
#include "network/plan_options.h"

namespace fovea {

/// Which of the needed nodes run by panels of their weights.
template <typename T>
std::vector<bool> ChoosePanels(const Graph<T>& graph, const std::vector<bool>& needed,
                               const PlanOptions& options);

/// Panels of a node's weights: as many for each lane.
template <typename T>
int64_t PanelCount(const Node<T>& node, int lanes);

/// A stretch of the flat weights whose gradients come from row segments.
struct LaneStretch {
  int64_t begin = 0;
  int64_t count = 0;
  int64_t lane_begin = 0;  ///< where it lies in a lane's own gradient
};

/// Lanes but the first add up gradients of their own, without those that only panel segments add
/// to: these go to the sum itself.
struct LaneGradient {
  std::vector<LaneStretch> stretches;
  std::vector<int64_t> begin;  ///< node -> where its slice lies, where it has one

  int64_t Count() const {
    return stretches.empty() ? 0 : stretches.back().lane_begin + stretches.back().count;
  }
};

template <typename T>
LaneGradient PlaceLaneGradient(const Graph<T>& graph, const std::vector<bool>& needed,
                               const std::vector<bool>& panels);

}  // namespace fovea
