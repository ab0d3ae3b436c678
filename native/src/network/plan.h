#pragma once

#include <cstdint>
#include <vector>

#include "network/bundles.h"
#include "network/graph.h"
#include "network/memory.h"
#include "network/panels.h"
#include "network/plan_options.h"
#include "network/record_layout.h"

namespace fovea {

/// One call of Layer::Forward or Layer::Backward, or a move: of the result of `node`, backward of
/// the gradient with respect to it, from src[0] to dst, where rows are bundled or plain (see
/// Bundles). Numbers are buffers, see Plan; -1 is none.
struct Operation {
  enum class Kind { kForward, kBackward };
  enum class Move { kNone, kInterleave, kDeinterleave };
  Kind kind = Kind::kForward;
  Move move = Move::kNone;
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
  /// there are sources, is that for diff_dst as the gradient of `add`. Of a move: that for dst.
  std::vector<int> add_to;
};

/// Operations that have all run before any lane begins the next segment. In a row segment each part
/// is a chunk of rows that goes through the operations one after the other. In a panel segment
/// there is one operation, for all rows of the call, and each part is one of `panels` panels of its
/// weights.
struct Segment {
  std::vector<Operation> operations;
  int64_t panels = 0;  ///< 0: a row segment
  /// True where the gradient of the weights [bucket_begin, bucket_begin + bucket_count) is complete
  /// once the segment is.
  bool ends_bucket = false;
  int64_t bucket_begin = 0;
  int64_t bucket_count = 0;
};

/// How a graph is run: which layers, in which order, in which memory. Rows are taken in chunks of
/// up to `chunk_rows` consecutive rows; the last chunk of each stretch of rows may have fewer. A
/// buffer that only one segment uses is a lane's, for one chunk; one that outlives a segment holds
/// all rows of the step.
struct Plan {
  int64_t chunk_rows = 1;
  int64_t max_chunks = 1;  ///< of one step
  std::vector<Segment> segments;
  std::vector<bool> needed;  ///< nodes whose results are
  std::vector<bool> panels;  ///< nodes that run by panels
  Arenas memory;
  LaneGradient lane_gradient;  ///< kTrain
  int row_weights = -1;        ///< buffer of float weights, one a row; -1 in kPredict
  RecordLayout record;
  /// Of each node: the affine node behind it that its weights are to take in, or -1. At inference.
  std::vector<int> folded;
  std::vector<int> outputs;         ///< kPredict: nodes
  std::vector<int> output_buffers;  ///< kPredict: where their results lie

  /// Calls of a segment for so many rows in one stretch.
  int64_t Parts(const Segment& segment, int64_t rows) const {
    return segment.panels > 0 ? segment.panels : (rows + chunk_rows - 1) / chunk_rows;
  }
};

/// Rows of a chunk unless memory asks for fewer.
template <typename T>
int64_t MostChunkRows(const Graph<T>& graph, const PlanOptions& options);

/// What is chosen node by node (plan_choices.h) becomes operations, forward (plan_forward.h) and
/// backward (plan_backward.h), for chunks of as many rows as stay in cache. Throws Error when the
/// graph cannot be run in that mode (no loss, unknown output, ...). Clears `bundles` where a chunk
/// of one bundle would not stay in cache.
template <typename T>
Plan MakePlan(const Graph<T>& graph, Bundles<T>& bundles, const PlanOptions& options);

}  // namespace fovea
