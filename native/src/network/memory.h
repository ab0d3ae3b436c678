#pragma once

#include <cstdint>
#include <vector>

namespace fovea {

/// Bytes that are needed from operation `first` to operation `last`, both included.
struct Lifetime {
  int64_t bytes = 0;
  int first = 0;
  int last = 0;
};

struct MemoryLayout {
  std::vector<int64_t> offsets;  ///< one a lifetime, multiples of 64
  int64_t bytes = 0;             ///< of the arena that holds them all
};

/// Places buffers in one arena so that no two that live at the same time overlap: largest first,
/// each at the lowest offset that is free for its whole lifetime.
MemoryLayout PlaceBuffers(const std::vector<Lifetime>& lifetimes);

/// Memory that some operations need, for one chunk. Where it holds all rows of the step, rows
/// follow each other however the chunks divide them, or each chunk has a slot of its own.
struct Buffer {
  Lifetime lifetime;       ///< in operations
  int64_t row_bytes = 0;   ///< from one row to the next; 0: it has slots
  int64_t slot_bytes = 0;  ///< of a chunk's slot
  bool of_step = false;    ///< holds all rows of the step, however short it lives
};

/// Where a buffer lies: in the arena of the step if it has row_bytes or slot_bytes, else in a
/// lane's.
struct Place {
  int64_t offset = 0;
  int64_t row_bytes = 0;
  int64_t slot_bytes = 0;

  bool OfStep() const { return row_bytes > 0 || slot_bytes > 0; }
};

/// The most that one step has.
struct StepSize {
  int64_t rows = 1;
  int64_t chunks = 1;
};

struct Arenas {
  std::vector<Place> places;  ///< one a buffer
  int64_t lane_bytes = 0;     ///< of each lane's arena
  int64_t step_bytes = 0;     ///< of the arena of the step
};

/// Kernels may read one vector past the end of a buffer, never write there.
inline constexpr int64_t kSlackBytes = 64;

/// A buffer that outlives its segment holds all rows of a step; the others are a lane's.
/// `segment_begin` has the first operation of each segment, in order.
Arenas PlaceInArenas(const std::vector<Buffer>& buffers, const std::vector<int>& segment_begin,
                     StepSize step);

}  // namespace fovea
