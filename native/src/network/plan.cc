#include "network/plan.h"

#include <algorithm>

#include "network/plan_backward.h"
#include "network/plan_builder.h"
#include "network/plan_choices.h"
#include "network/plan_forward.h"

namespace fovea {
namespace {

/// What a chunk needs, see ChunkBytes, should stay in the share of the last-level cache that a core
/// has, and a chunk should be large enough to use each weight many times.
constexpr int64_t kChunkBytes = 12 * 1024 * 1024;
constexpr int64_t kMaxChunkRows = 64;

/// Rows that must share a chunk because batch norm is there; 0 where the choice is free.
template <typename T>
int64_t NormalizationRows(const Graph<T>& graph) {
  int64_t rows = 0;
  for (const Node<T>& node : graph.nodes()) {
    const int64_t wanted = node.layer->NormalizationRows();
    if (wanted == 0) continue;
    if (rows != 0 && wanted != rows) {
      throw Error(node.line.Where() + "attribute 'normalizationRows': expected " +
                  std::to_string(rows) +
                  ", as in the layers before it. Received: " + std::to_string(wanted) + ".");
    }
    rows = wanted;
  }
  return rows;
}

/// The plan for one number of rows a chunk.
template <typename T>
Plan PlanChunks(const PlanChoices<T>& choices, int64_t rows) {
  const PlanOptions& options = choices.options;
  PlanBuilder<T> builder(choices, rows);
  ForwardBuffers forward = PlanForward(choices, builder);
  if (options.mode == Mode::kTrain) PlanBackward(choices, forward, builder);

  Plan plan;
  plan.chunk_rows = rows;
  // Each stretch but one may end in a chunk that is not full; nobody but batch norm minds them.
  const int64_t stretches = NormalizationRows(choices.graph) > 0 ? options.max_stretches : 1;
  plan.max_chunks = (options.max_rows + rows - 1) / rows + stretches - 1;
  plan.segments = builder.segments();
  plan.needed = choices.needed;
  plan.panels = choices.panels;
  plan.memory = builder.Place({options.max_rows, plan.max_chunks});
  if (options.mode == Mode::kTrain) {
    plan.lane_gradient = PlaceLaneGradient(choices.graph, choices.needed, choices.panels);
  }
  plan.row_weights = builder.row_weights();
  plan.record = LayOutRecord(choices.graph, choices.needed, options.mode);
  plan.folded = choices.fusion.folded;
  plan.outputs = choices.outputs;
  plan.output_buffers = std::move(forward.outputs);
  return plan;
}

/// What should stay in the cache while a chunk is in work: all that its lane keeps for it within a
/// segment, and each tensor on its way from one operation to the next. What outlives a segment goes
/// to memory in any case.
int64_t ChunkBytes(const Plan& plan) {
  int64_t bytes = plan.memory.lane_bytes;
  for (const Place& place : plan.memory.places) {
    bytes = std::max({bytes, place.slot_bytes, place.row_bytes * plan.chunk_rows});
  }
  return bytes;
}

}  // namespace

template <typename T>
int64_t MostChunkRows(const Graph<T>& graph, const PlanOptions& options) {
  const int64_t group = options.mode == Mode::kTrain ? NormalizationRows(graph) : 0;
  const int64_t share = (options.max_rows + options.lanes - 1) / options.lanes;
  return group > 0 ? group : std::min(kMaxChunkRows, std::max<int64_t>(share, 1));
}

template <typename T>
Plan MakePlan(const Graph<T>& graph, Bundles<T>& bundles, const PlanOptions& options) {
  const bool fixed = options.mode == Mode::kTrain && NormalizationRows(graph) > 0;
  // Whole bundles, so that only the last one of a call is not full.
  const int64_t least = bundles.Any() && !fixed ? bundles.width : 1;
  const auto whole = [&](int64_t rows) { return (rows + least - 1) / least * least; };
  const PlanChoices<T> choices = ChoosePlan(graph, bundles, options);
  int64_t rows = whole(MostChunkRows(graph, options));
  Plan plan = PlanChunks(choices, rows);
  while (!fixed && rows > least && ChunkBytes(plan) > kChunkBytes) {
    rows = whole((rows + 1) / 2);
    plan = PlanChunks(choices, rows);
  }
  const bool optional = bundles.Any() && options.bundling == Bundling::kWhereFaster;
  if (optional && ChunkBytes(plan) > kChunkBytes) {
    bundles.Clear();
    return MakePlan(graph, bundles, options);
  }
  return plan;
}

template int64_t MostChunkRows(const Graph<float>&, const PlanOptions&);
template int64_t MostChunkRows(const Graph<double>&, const PlanOptions&);
template Plan MakePlan(const Graph<float>&, Bundles<float>&, const PlanOptions&);
template Plan MakePlan(const Graph<double>&, Bundles<double>&, const PlanOptions&);

}  // namespace fovea
