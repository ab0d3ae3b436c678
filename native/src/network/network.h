#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "network/derived_weights.h"
#include "network/graph.h"
#include "network/operation_runner.h"
#include "network/plan.h"
#include "network/step.h"

namespace fovea {

/// A network text made ready to run: shapes checked, memory planned and allocated. Weights,
/// gradients and records belong to the caller and are never kept. Lanes may call at the same time
/// as long as each lane number is used by one of them; weights are prepared, by one call or by
/// every lane, before any other call.
template <typename T>
class Network {
 public:
  /// Throws Error; `target` names the kernels, "" is the best this CPU has.
  Network(std::string_view text, PlanOptions options, std::string_view target = "");
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const Graph<T>& graph() const { return graph_; }
  const Bundles<T>& bundles() const { return bundles_; }
  const Plan& plan() const { return plan_; }
  int64_t weight_count() const { return graph_.weight_count(); }
  int64_t record_bytes() const { return plan_.record.bytes; }
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
  void CheckMode(Mode mode, const char* call) const;
  void CheckCall(const StepPart& part, std::span<const std::byte> records,
                 std::span<const T> weights) const;
  RunningPart<T> Take(const StepPart& part, std::span<const std::byte> records,
                      std::span<const T> weights) const;
  void RunForward(const RunningPart<T>& part, StepSums* sums) const;
  void RunOperations(Operation::Kind kind, const RunningPart<T>& part, StepSums* sums) const;
  void CopyOutputs(const RunningPart<T>& part, std::span<T> outputs) const;

  const Kernels<T>& kernels_;
  PlanOptions options_;
  Graph<T> graph_;
  Bundles<T> bundles_;
  Plan plan_;
  DerivedWeights<T> derived_;
  OperationRunner<T> runner_;
};

}  // namespace fovea
