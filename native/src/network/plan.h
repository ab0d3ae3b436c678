#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/graph.h"
#include "network/memory.h"

namespace fovea {

enum class Mode {
  kTrain,     ///< forward, losses, backward
  kEvaluate,  ///< forward at inference, losses
  kPredict,   ///< forward at inference, chosen outputs
};

struct PlanOptions {
  Mode mode = Mode::kTrain;
  std::vector<std::string> outputs;  ///< kPredict: names of the layers whose results are wanted
  int64_t max_rows = 1;              ///< rows of one step or call
  int lanes = 1;
  int64_t bucket_bytes = INT64_MAX;  ///< kTrain: a segment ends once its gradients reach this size
};

/// A layer's field in a row's record.
struct Field {
  int node = 0;
  int64_t offset = 0;
  int64_t bytes = 0;
};

/// One call of Layer::Forward or Layer::Backward. Numbers are buffers of the arena; -1 is none.
struct Operation {
  enum class Kind { kForward, kBackward };
  Kind kind = Kind::kForward;
  int node = 0;
  bool relu = false;      ///< a Relu that follows is fused in; backward: it is still to be undone
  bool src_relu = false;  ///< backward: undoes the relu that is fused into the source, too
  std::vector<int> src;
  int add = -1;  ///< the other source of an Add that follows and is fused in; backward: diff_dst
  int dst = -1;
  int workspace = -1;
  int scratch = -1;
  int diff_dst = -1;
  std::vector<int> diff_src;  ///< where the layer writes
  /// The sum that diff_src[k] is added to afterwards, where it has one; the last, one more than
  /// there are sources, is that for diff_dst as the gradient of `add`.
  std::vector<int> add_to;
};

/// Operations that run on every chunk before any lane begins the next segment. When all have run,
/// the gradient of the weights [bucket_begin, bucket_begin + bucket_count) is complete.
struct Segment {
  std::vector<Operation> operations;
  int64_t bucket_begin = 0;
  int64_t bucket_count = 0;
};

/// How a graph is run: which layers, in which order, in which memory. Rows are taken in chunks of
/// `chunk_rows` consecutive rows; all buffers are for one chunk.
struct Plan {
  int64_t chunk_rows = 1;
  std::vector<Segment> segments;
  MemoryLayout memory;
  int row_weights = -1;  ///< buffer of float weights, one a row; -1 in kPredict
  std::vector<Field> fields;
  int64_t weight_offset = -1;  ///< of the row weight in the record; -1 in kPredict
  int64_t record_bytes = 0;
  /// Of each node: the affine node behind it that its weights are to take in, or -1. At inference.
  std::vector<int> folded;
  std::vector<int> outputs;         ///< kPredict: nodes
  std::vector<int> output_buffers;  ///< kPredict: where their results lie
};

/// Throws Error when the graph cannot be run in that mode (no loss, unknown output, ...).
template <typename T>
Plan MakePlan(const Graph<T>& graph, const PlanOptions& options);

}  // namespace fovea
