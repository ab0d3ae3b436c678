#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "network/arena.h"
#include "network/folded_layer.h"
#include "network/graph.h"
#include "network/plan.h"

namespace fovea {

/// Sums over rows, each row counted with its weight.
struct StepSums {
  double weight = 0;   ///< of the rows themselves
  double loss = 0;     ///< weighted sum of the network's loss layers
  double correct = 0;  ///< rows that the last loss layer calls right
};

/// Which part of which segment a lane is to run.
struct StepPart {
  int lane = 0;
  int segment = 0;
  int64_t part = 0;   ///< a chunk or a panel, counted from 0: see Segment
  int64_t begin = 0;  ///< first of the part's rows among those of the call; 0 of a panel
  int64_t rows = 0;   ///< of the part: at most a chunk's, or in a panel all rows of the call
  RandomKey random;   ///< first_row: where the call's rows begin among those of the step
};

/// A network text made ready to run: shapes checked, memory planned and allocated. Weights,
/// gradients and records belong to the caller and are never kept. Lanes may call at the same time
/// as long as each lane number is used by one of them; Prepare must not overlap with any other
/// call.
template <typename T>
class Network {
 public:
  /// Throws Error; `target` names the kernels, "" is the best this CPU has.
  Network(std::string_view text, PlanOptions options, std::string_view target = "");

  const Graph<T>& graph() const { return graph_; }
  const Bundles<T>& bundles() const { return bundles_; }
  const Plan& plan() const { return plan_; }
  int64_t weight_count() const { return graph_.weight_count(); }
  int64_t record_bytes() const { return plan_.record_bytes; }
  int64_t max_rows() const { return options_.max_rows; }
  Mode mode() const { return options_.mode; }
  std::string_view target() const { return kernels_.target; }
  int64_t OutputSize() const;  ///< kPredict: elements a row, all outputs together
  int64_t ArenaBytes() const;  ///< of all arenas and derived weights
  /// Elements of the gradient that AddGradient adds to on that lane in that segment.
  int64_t GradientCount(int lane, int segment) const;

  /// Part `part` of a segment of a call of `rows` rows in one stretch.
  StepPart PartOf(int lane, int segment, int64_t part, int64_t rows, RandomKey random = {}) const;

  /// Fills `weights` with starting values: a pure function of the text and the seed.
  void Initialize(uint64_t seed, std::span<T> weights) const;
  /// Makes the derived weights, with what is folded into them. Call it whenever the weights have
  /// changed.
  void Prepare(std::span<const T> weights);
  /// The share of Prepare that is a lane's, whole layers; lanes may do theirs side by side.
  void Prepare(int lane, std::span<const T> weights);

  /// Runs one part of one segment of a training step: adds d(summed loss)/d(weights) to `gradient`
  /// and, as the losses become known, the part's sums to `sums`. In panel segments and on lane 0
  /// `gradient` is laid out as the weights; on other lanes a row segment adds to the lane's own,
  /// see Plan::lane_gradient.
  void AddGradient(const StepPart& part, std::span<const std::byte> records,
                   std::span<const T> weights, std::span<T> gradient, StepSums& sums);
  /// Runs one part of one segment at inference, adding the part's sums; kEvaluate.
  void Evaluate(const StepPart& part, std::span<const std::byte> records,
                std::span<const T> weights, StepSums& sums);
  /// Writes the outputs of `rows` rows, [rows, OutputSize()]; kPredict.
  void Predict(int lane, int64_t rows, std::span<const std::byte> records,
               std::span<const T> weights, std::span<T> outputs);

 private:
  /// One part in work, a chunk or a panel: what its operations need beside the plan.
  struct Chunk {
    int lane;
    int64_t chunk;  ///< its number in the step; 0 of a panel
    int64_t begin;  ///< first of its rows among those of the call
    int64_t rows;
    Panel panel;
    const std::byte* records;
    const T* weights;
    T* gradient;
    RandomKey random;
    bool training;
  };

  void CheckMode(Mode mode, const char* call) const;
  void CheckCall(const StepPart& part, std::span<const std::byte> records,
                 std::span<const T> weights) const;
  Chunk Take(const StepPart& part, std::span<const std::byte> records,
             std::span<const T> weights) const;
  void RunForward(const StepPart& part, const Chunk& chunk, StepSums* sums) const;
  void CopyOutputs(const Chunk& chunk, std::span<T> outputs) const;
  void ReadRowWeights(const Chunk& chunk, StepSums& sums) const;
  void Move(const Operation& operation, const Chunk& chunk) const;
  void Forward(const Operation& operation, const Chunk& chunk, StepSums* sums) const;
  void Backward(const Operation& operation, const Chunk& chunk) const;
  void AddTo(const Operation& operation, const Chunk& chunk, size_t source) const;
  T* Gradient(const Chunk& chunk, int node) const;

  T* Buffer(const Chunk& chunk, int buffer) const {
    return reinterpret_cast<T*>(Bytes(chunk, buffer));
  }
  /// Null in a panel segment: row weights lie chunk by chunk.
  const float* RowWeights(const Chunk& chunk) const {
    const bool by_panel = chunk.panel.count > 0;
    return by_panel ? nullptr : reinterpret_cast<const float*>(Bytes(chunk, plan_.row_weights));
  }
  std::byte* Bytes(const Chunk& chunk, int buffer) const {
    if (buffer < 0) return nullptr;
    const Place& place = plan_.memory.places[buffer];
    const Arena& arena = place.OfStep() ? step_arena_ : lane_arenas_[chunk.lane];
    const int64_t rows_before =
        place.row_bytes > 0 ? chunk.begin * place.row_bytes : chunk.chunk * place.slot_bytes;
    return arena.at(place.offset + rows_before);
  }

  const Layer<T>& LayerOf(int node) const {
    return folded_[node] ? folded_[node]->layer() : bundles_.LayerOf(graph_, node);
  }
  /// The parameters of the layer, given those of the network.
  const T* WeightsOf(int node, const T* weights) const {
    return folded_[node] ? folded_[node]->weights() : weights + graph_.nodes()[node].weights_begin;
  }
  T* PreparedOf(int node) const {
    return reinterpret_cast<T*>(prepared_.at(0)) + prepared_begin_[node];
  }

  const Kernels<T>& kernels_;
  PlanOptions options_;
  Graph<T> graph_;
  Bundles<T> bundles_;
  Plan plan_;
  std::vector<std::unique_ptr<FoldedLayer<T>>> folded_;  ///< per node; null where nothing is folded
  std::vector<int64_t> prepared_begin_;                  ///< per node and at the end, in elements
  Arena prepared_;
  std::vector<int> prepare_lane_;  ///< node -> the lane that prepares it
  std::vector<Arena> lane_arenas_;
  Arena step_arena_;
  int correct_from_ = -1;  ///< the loss layer that counts right rows
};

}  // namespace fovea
