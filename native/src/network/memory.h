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

}  // namespace fovea
