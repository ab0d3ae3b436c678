#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace fovea {

/// Floats on a 64-byte boundary, as a network's are: small numbers of both signs, never denormal,
/// the same each time.
class Floats {
 public:
  explicit Floats(int64_t count) {
    const auto bytes = (static_cast<size_t>(count) * sizeof(float) + 64) / 64 * 64;
    memory_.reset(static_cast<float*>(std::aligned_alloc(64, bytes)));
    if (memory_ == nullptr) throw std::bad_alloc();
    uint32_t state = 1;
    for (int64_t i = 0; i < count; ++i) {
      state = 1664525 * state + 1013904223;
      memory_[static_cast<size_t>(i)] = (static_cast<float>(state >> 9) + 0.5f) * 0x1p-23f - 0.5f;
    }
  }

  float* data() { return memory_.get(); }
  const float* data() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  std::unique_ptr<float[], Free> memory_;
};

}  // namespace fovea
