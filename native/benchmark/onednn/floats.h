#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace fovea {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

/// Floats on a 64-byte boundary, as a network's are.
using Floats = std::unique_ptr<float[], Free>;

/// Small numbers of both signs, never denormal; the same each time.
inline Floats MakeFloats(int64_t count) {
  const auto bytes = (static_cast<size_t>(count) * sizeof(float) + 64) / 64 * 64;
  Floats floats(static_cast<float*>(std::aligned_alloc(64, bytes)));
  if (floats == nullptr) throw std::bad_alloc();
  uint32_t state = 1;
  for (int64_t i = 0; i < count; ++i) {
    state = 1664525 * state + 1013904223;
    floats[static_cast<size_t>(i)] = (static_cast<float>(state >> 9) + 0.5f) * 0x1p-23f - 0.5f;
  }
  return floats;
}

}  // namespace fovea
