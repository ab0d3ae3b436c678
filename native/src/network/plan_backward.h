#pragma once

#include "network/plan_forward.h"

namespace fovea {

/// Adds the backward operations from the last node to the first, and ends a bucket wherever enough
/// weights have their gradient. kTrain only.
template <typename T>
void PlanBackward(const PlanChoices<T>& choices, const ForwardBuffers& forward,
                  PlanBuilder<T>& builder);

}  // namespace fovea
