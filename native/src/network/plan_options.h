#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/bundles.h"

namespace fovea {

enum class Mode {
  kTrain,     ///< forward, losses, backward
  kEvaluate,  ///< forward at inference, losses
  kPredict,   ///< forward at inference, chosen outputs
};

/// What a plan is made for.
struct PlanOptions {
  Mode mode = Mode::kTrain;
  std::vector<std::string> outputs;  ///< kPredict: names of the layers whose results are wanted
  int64_t max_rows = 1;              ///< rows of one step or call
  int lanes = 1;
  int64_t bucket_bytes = INT64_MAX;  ///< kTrain: a segment ends once its gradients reach this size
  /// A layer that can, and whose weights take this size, runs by panels.
  int64_t panel_bytes = int64_t{4} * 1024 * 1024;
  Bundling bundling = Bundling::kWhereFaster;
  /// kTrain: most stretches of rows of one step that batch norm is not to join.
  int64_t max_stretches = 1;
};

}  // namespace fovea
