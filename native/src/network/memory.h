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

/// Memory that some operations need, for one chunk.
struct Buffer {
  Lifetime lifetime;        ///< in operations
  int64_t chunk_bytes = 0;  ///< from one chunk's to the next, where it holds all rows of the step
  bool of_step = false;     ///< holds all rows of the step, however short it lives
};

/// Where a buffer lies.
struct Place {
  int64_t offset = 0;       ///< in a lane's arena, or in that of the step
  int64_t chunk_bytes = 0;  ///< from one chunk to the next in the step's arena; 0: in a lane's
};

struct Arenas {
  std::vector<Place> places;  ///< one a buffer
  int64_t lane_bytes = 0;     ///< of each lane's arena
  int64_t step_bytes = 0;     ///< of the arena of the step
};

/// Kernels may read one vector past the end of a buffer, never write there.
inline constexpr int64_t kSlackBytes = 64;

/// A buffer that outlives its segment holds all rows of a step of so many chunks; the others are a
/// lane's. `segment_begin` has the first operation of each segment, in order.
Arenas PlaceInArenas(const std::vector<Buffer>& buffers, const std::vector<int>& segment_begin,
                     int64_t chunks);

}  // namespace fovea
