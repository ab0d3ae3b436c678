#pragma once

#include <array>
#include <vector>

#include "network/plan_builder.h"
#include "network/plan_choices.h"

namespace fovea {

/// The buffers that forward fills; -1 is none.
struct ForwardBuffers {
  std::array<std::vector<int>, 2> results;  ///< [bundled]: tensor -> buffer
  std::vector<int> workspaces;              ///< node -> buffer
  std::vector<int> outputs;                 ///< kPredict: of each output, on plain rows
};

/// Adds the forward operations in the order of the graph, with the moves into bundles and out of
/// them.
template <typename T>
ForwardBuffers PlanForward(const PlanChoices<T>& choices, PlanBuilder<T>& builder);

}  // namespace fovea
