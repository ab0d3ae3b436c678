#pragma once

#include <cstdint>
#include <vector>

#include "network/memory.h"
#include "network/plan.h"
#include "network/plan_choices.h"

namespace fovea {

/// A plan's operations in the making, one after the other: the segments they fall into, and the
/// buffers, each needed from the operation that it is made for to the last that uses it. Numbers
/// are buffers; -1 is none.
template <typename T>
class PlanBuilder {
 public:
  /// For chunks of up to `rows` rows. The choices must outlive it.
  PlanBuilder(const PlanChoices<T>& choices, int64_t rows);

  int64_t rows() const { return rows_; }
  int row_weights() const { return row_weights_; }
  const std::vector<Segment>& segments() const { return segments_; }

  /// A buffer for the next operation.
  int NewBuffer(int64_t bytes);
  /// One for the result of a node: in bundles, slot after slot, or plain, row after row.
  int NewTensor(int node, bool bundled);
  /// Keeps the buffer for the next operation. Returns it.
  int Use(int buffer);

  /// Adds the next operation, whose buffers are all there but the scratch.
  void Push(Operation operation);
  /// Adds the move of a tensor of `node` from `src` into bundles or out of them, to a new buffer,
  /// which is then added to the buffer `add_to` if that is not -1. Returns the new buffer.
  int PushMove(Operation::Kind kind, int node, int src, bool bundled, int add_to);

  /// Sees to it that the last segment takes an operation, by rows or by so many panels.
  void OpenSegment(int64_t panels);
  /// The gradient of the weights [begin, end) is complete with the operations so far.
  void EndBucket(int64_t begin, int64_t end);
  /// Of those that are left, [0, end).
  void EndLastBucket(int64_t end);

  /// Where the buffers lie, for steps of that size.
  Arenas Place(StepSize size) const { return PlaceInArenas(buffers_, segment_begin_, size); }

 private:
  void NewSegment(int64_t panels);
  void UseByPanels(const Operation& operation);

  const PlanChoices<T>& choices_;
  int64_t rows_;
  std::vector<Segment> segments_;
  std::vector<int> segment_begin_;  ///< segment -> time of its first operation
  std::vector<Buffer> buffers_;
  int row_weights_ = -1;  ///< -1 in kPredict
  int time_ = 0;          ///< index of the next operation
};

}  // namespace fovea
