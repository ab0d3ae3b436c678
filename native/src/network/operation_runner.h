#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/arena.h"
#include "network/derived_weights.h"
#include "network/plan.h"
#include "network/step.h"

namespace fovea {

/// A part in work, a chunk or a panel: what its operations need beside the plan.
template <typename T>
struct RunningPart {
  int lane;
  int segment;
  int64_t chunk;  ///< its number in the step; 0 of a panel
  int64_t begin;  ///< first of its rows among those of the call
  int64_t rows;
  Panel panel;
  const std::byte* records;  ///< from the first of its rows
  const T* weights;
  T* gradient;
  RandomKey random;
  bool training;
};

/// Runs the operations of a plan on parts, one layer or move at a time. Owns the arenas; lanes may
/// call at the same time.
template <typename T>
class OperationRunner {
 public:
  /// All it is given must outlive it. Throws Error where a layer has too many sources.
  OperationRunner(const Graph<T>& graph, const Bundles<T>& bundles, const Plan& plan,
                  const DerivedWeights<T>& derived, const Kernels<T>& kernels, int lanes);

  /// Copies the row weights out of the records and adds them to the sums.
  void ReadRowWeights(const RunningPart<T>& part, StepSums& sums) const;
  /// `sums`: null where no losses are wanted.
  void Run(const Operation& operation, const RunningPart<T>& part, StepSums* sums) const;
  /// The memory of a buffer of the plan, from the first row of the part; null for -1.
  T* Buffer(const RunningPart<T>& part, int buffer) const {
    return reinterpret_cast<T*>(Bytes(part, buffer));
  }

 private:
  void Move(const Operation& operation, const RunningPart<T>& part) const;
  void Forward(const Operation& operation, const RunningPart<T>& part, StepSums* sums) const;
  void Backward(const Operation& operation, const RunningPart<T>& part) const;
  void AddTo(const Operation& operation, const RunningPart<T>& part, size_t source) const;
  T* Gradient(const RunningPart<T>& part, int node) const;
  std::byte* Bytes(const RunningPart<T>& part, int buffer) const;
  const float* RowWeights(const RunningPart<T>& part) const;

  const Graph<T>& graph_;
  const Bundles<T>& bundles_;
  const Plan& plan_;
  const DerivedWeights<T>& derived_;
  const Kernels<T>& kernels_;
  Arena step_arena_;
  std::vector<Arena> lane_arenas_;
  int correct_from_ = -1;  ///< the loss layer that counts right rows
};

}  // namespace fovea
