#pragma once

#include <cstdint>
#include <vector>

#include "network/graph.h"
#include "network/plan_options.h"

namespace fovea {

/// A layer's field in a row's record.
struct Field {
  int node = 0;
  int64_t offset = 0;
  int64_t bytes = 0;
};

/// Where a row's fields and its weight lie in its record.
struct RecordLayout {
  std::vector<Field> fields;
  int64_t weight_offset = -1;  ///< of the row weight, a float; -1 in kPredict
  int64_t bytes = 0;
};

/// The fields of the needed nodes one after the other, then the row weight.
template <typename T>
RecordLayout LayOutRecord(const Graph<T>& graph, const std::vector<bool>& needed, Mode mode);

}  // namespace fovea
